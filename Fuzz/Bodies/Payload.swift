// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCWire

extension FuzzBody {
    /// VP8 payloads make a frame no larger than they are, and a frame that is taken is the same after being sent again.
    static let vp8Payload = FuzzBody("vp8-payload") { bytes in Self.depacketize(bytes, as: .vp8) }

    /// H.264 payloads make a frame of bounded size, and a frame that is taken is the same after being sent again.
    static let h264Payload = FuzzBody("h264-payload") { bytes in Self.depacketize(bytes, as: .h264) }

    /// An Opus packet that is taken lasts at most 120 ms, and has a byte.
    static let opusPacket = FuzzBody("opus-packet") { bytes in
        guard let packet = OpusPacket(bytes) else { return }
        precondition(bytes.byteCount > 0 && (1...48).contains(packet.frames))
        precondition((120...OpusPacket.maxSamples).contains(packet.samples))
    }

    /// Telephone events and comfort noise that are taken are written as the same bytes, reserved bits apart.
    static let telephoneEvent = FuzzBody("telephone-event") { bytes in
        var reader = ByteReader(bytes)
        while let event = TelephoneEvent(from: &reader) {
            let written = [UInt8].writing(capacity: TelephoneEvent.byteCount) { event.write(into: &$0) } ?? []
            var again = ByteReader(written.span.bytes)
            let read = TelephoneEvent(from: &again)
            precondition(read == event && event.volume < 64)
        }
        guard let noise = ComfortNoise(bytes) else { return }
        let written = [UInt8].writing(capacity: 1 + ComfortNoise.maxOrder) { noise.write(into: &$0) } ?? []
        precondition(ComfortNoise(written.span.bytes) == noise)
    }

    /// Each part of the input is a payload; all are of one frame.
    private static func depacketize(_ bytes: RawSpan, as format: RTPPayloadFormat) {
        var reader = ByteReader(bytes)
        var depacketizer = Depacketizer(format: format)
        var frame: [UInt8] = []
        var payloads = 0
        depacketizer.begin()
        while !reader.isAtEnd, payloads < 256 {
            payloads += 1
            let payload = reader.readPart()
            _ = try? depacketizer.inspect(payload)
            depacketizer.append(payload, to: &frame)
        }
        // At worst each byte is a unit, after two bytes of size in place of four of start code.
        precondition(frame.count <= 3 * bytes.byteCount)
        guard (try? depacketizer.finish(&frame)) != nil else { return }
        Self.sendAgain(frame, as: format)
    }

    private static func sendAgain(_ frame: [UInt8], as format: RTPPayloadFormat) {
        var random = RandomSource.seeded(1)
        var packetizer = Packetizer(format: format, random: &random)
        let codec = RTCRtpCodec(mimeType: "video/\(format.rawValue)", clockRate: 90_000)
        var sent = EncodedFrame(codec: codec, data: frame, pts: 0, isKeyFrame: false)
        var depacketizer = Depacketizer(format: format)
        // An access unit is written in one way after the first time: with long start codes, without delimiters.
        for round in 0..<2 {
            var slices: [PayloadSlice] = []
            let source = packetizer.packetize(sent, maxPayload: Packetizer.minimumPayload, into: &slices)
            guard !slices.isEmpty else { return }
            var received: [UInt8] = []
            depacketizer.begin()
            for slice in slices {
                precondition(slice.byteCount <= Packetizer.minimumPayload)
                let payload = [UInt8].writing(capacity: slice.byteCount) {
                    slice.write(into: &$0, bytes: source.span.bytes)
                }
                guard let payload else { return }
                depacketizer.append(payload.span.bytes, to: &received)
            }
            guard (try? depacketizer.finish(&received)) != nil else { return }
            precondition(received == sent.data || (round == 0 && format == .h264))
            sent.data = received
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCRTP
internal import RTCWire

extension FuzzBody {
    /// A session takes any packets, says something finite about each, and keeps a bounded amount.
    static let mediaSession = FuzzBody("media-session", seededInputs: 1_000) { bytes in
        let configuration = RTPSessionConfiguration(cname: "fuzz", wallClockAtStart: NTPTimestamp(rawValue: 1 << 63))
        var session = RTPSession(configuration: configuration, random: .seeded(1))
        var now = Instant.start + .seconds(1)
        Self.setUp(&session, at: now)
        var reader = ByteReader(bytes)
        // Each packet: its length, how much later it comes in units of 4 ms, then its bytes.
        while let length = reader.readUInt8(), let pause = reader.readUInt8() {
            guard let packet = reader.readBytes(min(Int(length), reader.remaining)) else { break }
            now += .milliseconds(Int64(pause) * 4)
            session.handleTimeout(at: now)
            if let second = packet.byte(at: 1), RTPHeader.isRTCP(secondByte: second) {
                session.receiveRTCP(packet, at: now)
            } else {
                session.receiveRTP(packet, at: now)
            }
            Self.drain(&session, at: now)
        }
        let footprint = session.footprint
        precondition(footprint.sources <= 256 && footprint.streams <= 16 && footprint.waitingAudio <= 100)
    }

    private static func setUp(_ session: inout RTPSession, at now: Instant) {
        let extensions = HeaderExtensionMap([
            (1, .audioLevel), (2, .absoluteSendTime), (3, .transportSequence), (4, .mid), (5, .rid), (6, .repairedRid),
        ])
        let vp8 = RTPCodec(
            payloadType: PayloadType(truncating: 96), codec: RTCRtpCodec(mimeType: "video/VP8", clockRate: 90_000),
            format: .vp8, rtxPayloadType: PayloadType(truncating: 97), feedback: [.nack, .pli, .transportWide])
        let opus = RTPCodec(
            payloadType: PayloadType(truncating: 111),
            codec: RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2), format: .single)
        let video = RTPReceiverConfiguration(
            mid: "v", kind: .video, codecs: [vp8], extensions: extensions, rids: ["a", "b"])
        session.setReceiver(RTPReceiverID(rawValue: 1), video, at: now)
        let audio = RTPReceiverConfiguration(
            mid: "a", kind: .audio, codecs: [opus], extensions: extensions, playsAudio: true)
        session.setReceiver(RTPReceiverID(rawValue: 2), audio, at: now)
        let sender = RTPSenderConfiguration(
            mid: "v", kind: .video, ssrc: SSRC(1), rtxSSRC: SSRC(2), codecs: [vp8], extensions: extensions)
        session.setSender(RTPSenderID(rawValue: 1), sender, at: now)
        let frame = EncodedFrame(codec: vp8.codec, data: [0x11, 0, 0] + [UInt8](repeating: 7, count: 3_000), pts: 0)
        session.send(frame, on: RTPSenderID(rawValue: 1), captured: now, at: now)
    }

    private static func drain(_ session: inout RTPSession, at now: Instant) {
        var sent = 0
        while sent < 100_000 {
            var output: RTPSession.Output?
            let bytes = [UInt8].writing(capacity: 1_500) { output = session.pollTransmit(into: &$0, at: now) }
            guard output != nil else { break }
            precondition(bytes.map { $0.count <= 1_200 } == true, "a packet fits into a datagram")
            sent += 1
        }
        precondition(sent < 20_000, "a packet does not make a flood")
        while session.pollEvent() != nil {}
    }
}

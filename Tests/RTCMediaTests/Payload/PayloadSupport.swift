// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCWire
import Testing

/// Frames into payloads and back, and bytes to do it with.
enum Payloads {
    static let vp8 = RTCRtpCodec(mimeType: "video/VP8", clockRate: 90_000)
    static let h264 = RTCRtpCodec(mimeType: "video/H264", clockRate: 90_000)
    static let opus = RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2)

    static func frame(_ data: [UInt8], _ codec: RTCRtpCodec, isKeyFrame: Bool = true, layer: Int = 0) -> EncodedFrame {
        var frame = EncodedFrame(codec: codec, data: data, pts: 0, isKeyFrame: isKeyFrame)
        frame.temporalLayer = layer
        return frame
    }

    /// The payloads of a frame; checks what must hold for each.
    static func make(
        _ frame: EncodedFrame, with packetizer: inout Packetizer, maxPayload: Int = 1_200, isDiscardable: Bool = false,
        isLayerSync: Bool = false
    ) -> [[UInt8]] {
        var slices: [PayloadSlice] = []
        let bytes = packetizer.packetize(
            frame, maxPayload: maxPayload, isDiscardable: isDiscardable, isLayerSync: isLayerSync, into: &slices)
        #expect(slices.map(\.isLast) == slices.indices.map { $0 == slices.count - 1 })
        return slices.map { slice in
            #expect(slice.byteCount <= maxPayload)
            let payload =
                [UInt8].writing(capacity: maxPayload) { slice.write(into: &$0, bytes: bytes.span.bytes) } ?? []
            #expect(payload.count == slice.byteCount)
            return payload
        }
    }

    static func inspect(_ payload: [UInt8], _ format: RTPPayloadFormat) throws(PayloadError) -> PayloadInfo {
        try Depacketizer(format: format).inspect(payload.span.bytes)
    }

    /// The frame that the payloads make, and how many units were left out.
    static func join(
        _ payloads: [[UInt8]], _ format: RTPPayloadFormat
    ) throws(PayloadError) -> (frame: [UInt8], summary: FrameSummary, discarded: Int) {
        var depacketizer = Depacketizer(format: format)
        var frame: [UInt8] = []
        depacketizer.begin()
        for payload in payloads { depacketizer.append(payload.span.bytes, to: &frame) }
        let summary = try depacketizer.finish(&frame)
        return (frame, summary, depacketizer.discardedUnits)
    }

    /// The first bytes of a VP8 key frame of this size, and `count` bytes in all.
    static func vp8KeyFrame(_ width: Int, _ height: Int, count: Int = 100) -> [UInt8] {
        let header: [UInt8] = [
            0x10, 0, 0, 0x9D, 0x01, 0x2A, UInt8(width & 255), UInt8(width >> 8), UInt8(height & 255),
            UInt8(height >> 8),
        ]
        return header + [UInt8](repeating: 0x55, count: max(0, count - header.count))
    }

    /// An H.264 unit of random bytes without a start code in it.
    static func unit(type: UInt8, importance: UInt8 = 3, count: Int, random: inout RandomSource) -> [UInt8] {
        [importance << 5 | type] + (1..<max(count, 2)).map { _ in UInt8.random(in: 1...255, using: &random) }
    }

    /// Units with start codes, of four bytes unless said.
    static func annexB(_ units: [[UInt8]], shortCodes: Bool = false) -> [UInt8] {
        units.flatMap { (shortCodes ? [0, 0, 1] : [0, 0, 0, 1]) + $0 }
    }
}

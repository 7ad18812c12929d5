// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What an Opus packet says without being decoded (RFC 6716 §3).
package struct OpusPacket: Hashable, Sendable {
    /// The configuration of mode, bandwidth and frame size, 0 to 31 (§3.1, table 2).
    package let configuration: UInt8
    /// Whether the packet holds two channels.
    package let isStereo: Bool
    /// How many frames it holds, 1 to 48.
    package let frames: Int
    /// How many samples at 48 kHz a frame lasts, 120 to 2880.
    package let samplesPerFrame: Int
    /// Whether it tells only that there is silence (DTX): no frame has more than one byte.
    package let isSilence: Bool

    /// How many samples at 48 kHz the packet lasts, at most 5760: the ticks of its RTP timestamps (RFC 7587 §4.1).
    package var samples: Int { self.frames * self.samplesPerFrame }

    /// The samples at 48 kHz of the longest packet, 120 ms.
    package static let maxSamples = 5_760
    private static let maxFrameBytes = 1_275

    /// Checks a packet by the rules R1 to R7 (§3.4); `nil` when it breaks one.
    package init?(_ packet: RawSpan) {
        var reader = ByteReader(packet)
        guard let toc = reader.readUInt8() else { return nil }
        self.configuration = toc >> 3
        self.isStereo = toc & 0x04 != 0
        self.samplesPerFrame = Self.samplesPerFrame(of: toc >> 3)
        switch toc & 0x03 {
        case 0:
            guard reader.remaining <= Self.maxFrameBytes else { return nil }
            self.frames = 1
        case 1:
            guard reader.remaining % 2 == 0, reader.remaining / 2 <= Self.maxFrameBytes else { return nil }
            self.frames = 2
        case 2:
            guard let first = Self.readFrameSize(&reader), first <= reader.remaining,
                reader.remaining - first <= Self.maxFrameBytes
            else { return nil }
            self.frames = 2
        default:
            guard let frames = Self.readMany(&reader), frames * self.samplesPerFrame <= Self.maxSamples else {
                return nil
            }
            self.frames = frames
        }
        self.isSilence = packet.byteCount <= 2
    }

    /// 10 to 60 ms for SILK, 10 and 20 ms for hybrid, 2.5 to 20 ms for CELT (table 2).
    private static func samplesPerFrame(of configuration: UInt8) -> Int {
        switch configuration {
        case 0..<12: [480, 960, 1_920, 2_880][Int(configuration & 3)]
        case 12..<16: configuration & 1 == 0 ? 480 : 960
        default: 120 << Int(configuration & 3)
        }
    }

    /// The size of a frame in one byte, or in two from 252 on (§3.2.1).
    private static func readFrameSize(_ reader: inout ByteReader) -> Int? {
        guard let first = reader.readUInt8() else { return nil }
        guard first >= 252 else { return Int(first) }
        guard let second = reader.readUInt8() else { return nil }
        return Int(second) * 4 + Int(first)
    }

    /// The number of frames of a packet that may hold any (code 3, §3.2.5), whose sizes and padding are checked.
    private static func readMany(_ reader: inout ByteReader) -> Int? {
        guard let count = reader.readUInt8() else { return nil }
        let frames = Int(count & 0x3F)
        guard (1...48).contains(frames) else { return nil }
        var padding = 0
        if count & 0x40 != 0 {
            var byte: UInt8 = 255
            while byte == 255 {
                guard let next = reader.readUInt8() else { return nil }
                byte = next
                padding += byte == 255 ? 254 : Int(byte)
            }
        }
        guard count & 0x80 != 0 else {
            let bytes = reader.remaining - padding
            guard bytes >= 0, bytes % frames == 0, bytes / frames <= Self.maxFrameBytes else { return nil }
            return frames
        }
        var sum = 0
        for _ in 0..<(frames - 1) {
            guard let size = Self.readFrameSize(&reader) else { return nil }
            sum += size
        }
        let last = reader.remaining - padding - sum
        guard (0...Self.maxFrameBytes).contains(last) else { return nil }
        return frames
    }
}

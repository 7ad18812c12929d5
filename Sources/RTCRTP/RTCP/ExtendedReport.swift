// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// XR: blocks of further reports, of which those for the round-trip time of receivers are understood (RFC 3611).
///
/// ```
/// |                    SSRC of whoever reports                    |
/// |  block type   | type-specific |  block length in words        |
/// ```
package struct ExtendedReport: Hashable, Sendable {
    /// One block.
    package enum Block: Hashable, Sendable {
        /// Receiver reference time (RFC 3611 §4.4).
        case receiverReferenceTime(NTPTimestamp)
        /// Delays since the reference times of receivers (RFC 3611 §4.5).
        case delaySinceLastReport([DelaySinceLastReport])
        /// One that is not understood; `data` is whole words.
        case unknown(type: UInt8, specific: UInt8, data: [UInt8])
    }

    /// When the reference time of one receiver came.
    package struct DelaySinceLastReport: Hashable, Sendable {
        /// The receiver.
        package var ssrc: SSRC
        /// The middle 32 bits of its reference time.
        package var lastReport: UInt32
        /// Since it came, in 65536ths of a second.
        package var delay: UInt32

        package init(ssrc: SSRC, lastReport: UInt32, delay: UInt32) {
            self.ssrc = ssrc
            self.lastReport = lastReport
            self.delay = delay
        }
    }

    /// The most blocks that are read; the rest is stepped over.
    static let maxBlocks = 64

    package var ssrc: SSRC
    package var blocks: [Block]

    package init(ssrc: SSRC, blocks: [Block]) {
        self.ssrc = ssrc
        self.blocks = blocks
    }

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        guard let ssrc = reader.readUInt32() else { return nil }
        self.init(ssrc: SSRC(ssrc), blocks: [])
        while self.blocks.count < Self.maxBlocks, let type = reader.readUInt8(), let specific = reader.readUInt8(),
            let words = reader.readUInt16(), let data = reader.readBytes(Int(words) &* 4)
        {
            self.blocks.append(Self.block(type: type, specific: specific, data: data))
        }
    }

    private static func block(type: UInt8, specific: UInt8, data: RawSpan) -> Block {
        var reader = ByteReader(data)
        if type == 4, data.byteCount == 8, let time = reader.readUInt64() {
            return .receiverReferenceTime(NTPTimestamp(rawValue: time))
        }
        if type == 5, data.byteCount % 12 == 0 {
            var delays: [DelaySinceLastReport] = []
            while let ssrc = reader.readUInt32(), let last = reader.readUInt32(), let delay = reader.readUInt32() {
                delays.append(DelaySinceLastReport(ssrc: SSRC(ssrc), lastReport: last, delay: delay))
            }
            return .delaySinceLastReport(delays)
        }
        return .unknown(type: type, specific: specific, data: data.array)
    }

    /// Writes the packet.
    package func write(into writer: inout ByteWriter) {
        RTCPHeader.write(.extendedReport, count: 0, into: &writer) { writer in
            writer.write(self.ssrc.rawValue)
            for block in self.blocks { Self.write(block, into: &writer) }
        }
    }

    private static func write(_ block: Block, into writer: inout ByteWriter) {
        func header(_ type: UInt8, _ specific: UInt8, bytes: Int) {
            writer.write(type)
            writer.write(specific)
            writer.write(UInt16(truncatingIfNeeded: (bytes &+ 3) / 4))
        }
        switch block {
        case .receiverReferenceTime(let time):
            header(4, 0, bytes: 8)
            writer.write(time.rawValue)
        case .delaySinceLastReport(let delays):
            header(5, 0, bytes: delays.count &* 12)
            for delay in delays {
                writer.write(delay.ssrc.rawValue)
                writer.write(delay.lastReport)
                writer.write(delay.delay)
            }
        case .unknown(let type, let specific, let data):
            header(type, specific, bytes: data.count)
            writer.write(data)
            writer.writeZeros((4 &- data.count & 3) & 3)
        }
    }
}

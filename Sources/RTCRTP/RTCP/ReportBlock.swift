// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What a receiver says about one stream (RFC 3550 §6.4.1).
///
/// ```
/// |                 SSRC of the stream                            |
/// | fraction lost |       cumulative number of packets lost       |
/// |           extended highest sequence number received           |
/// |                      interarrival jitter                      |
/// |                  last SR (LSR)  | delay since it (DLSR)       |
/// ```
package struct ReportBlock: Hashable, Sendable {
    package static let size = 24
    /// The most blocks of one report; further ones go into another.
    package static let maxCount = 31

    package var ssrc: SSRC
    /// The share of packets lost since the last report, in 256ths.
    package var fractionLost: UInt8
    /// Packets lost since the beginning; 24 bits, signed; negative when packets came twice.
    package var cumulativeLost: Int32
    /// The highest sequence number, with the number of times that it wrapped in the upper 16 bits.
    package var extendedHighestSequence: UInt32
    /// In ticks of the codec's clock.
    package var jitter: UInt32
    /// The middle 32 bits of the NTP timestamp of the last sender report; 0 before the first.
    package var lastSenderReport: UInt32
    /// Since the last sender report came, in 65536ths of a second.
    package var delaySinceLastSenderReport: UInt32

    package init(
        ssrc: SSRC, fractionLost: UInt8 = 0, cumulativeLost: Int32 = 0, extendedHighestSequence: UInt32 = 0,
        jitter: UInt32 = 0, lastSenderReport: UInt32 = 0, delaySinceLastSenderReport: UInt32 = 0
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.cumulativeLost = min(max(cumulativeLost, -0x80_0000), 0x7F_FFFF)
        self.extendedHighestSequence = extendedHighestSequence
        self.jitter = jitter
        self.lastSenderReport = lastSenderReport
        self.delaySinceLastSenderReport = delaySinceLastSenderReport
    }

    init?(_ reader: inout ByteReader) {
        guard reader.remaining >= Self.size, let ssrc = reader.readUInt32(), let fraction = reader.readUInt8(),
            let lost = reader.readUInt24(), let highest = reader.readUInt32(), let jitter = reader.readUInt32(),
            let last = reader.readUInt32(), let delay = reader.readUInt32()
        else { return nil }
        self.ssrc = SSRC(ssrc)
        self.fractionLost = fraction
        self.cumulativeLost = Int32(truncatingIfNeeded: lost << 8) >> 8
        self.extendedHighestSequence = highest
        self.jitter = jitter
        self.lastSenderReport = last
        self.delaySinceLastSenderReport = delay
    }

    /// Reads `count` blocks; `nil` when there are not so many.
    static func read(_ count: Int, from reader: inout ByteReader) -> [ReportBlock]? {
        guard reader.remaining >= count &* Self.size else { return nil }
        var blocks: [ReportBlock] = []
        blocks.reserveCapacity(count)
        for _ in 0..<count {
            guard let block = ReportBlock(&reader) else { return nil }
            blocks.append(block)
        }
        return blocks
    }

    func write(into writer: inout ByteWriter) {
        writer.write(self.ssrc.rawValue)
        writer.write(self.fractionLost)
        writer.writeUInt24(UInt32(bitPattern: self.cumulativeLost))
        writer.write(self.extendedHighestSequence)
        writer.write(self.jitter)
        writer.write(self.lastSenderReport)
        writer.write(self.delaySinceLastSenderReport)
    }

    /// The round-trip time that the block shows when it comes at `now` of the clock that the sender report was stamped
    /// with; never below zero, `nil` without a report to count from or with times that cannot be.
    package func roundTripTime(at now: NTPTimestamp) -> Duration? {
        guard self.lastSenderReport != 0 else { return nil }
        let elapsed = now.middle &- self.lastSenderReport &- self.delaySinceLastSenderReport
        // Half the circle is nine hours: further off, the answer came before the question.
        guard elapsed < 0x8000_0000 else {
            // Coarse or slightly wrong clocks of close peers may give a little less than nothing.
            return 0 &- elapsed < 0x1_0000 ? .zero : nil
        }
        // A minute says that the peer does not count right, not that it is far away.
        return elapsed < 60 << 16 ? Duration(shortNTP: elapsed) : nil
    }
}

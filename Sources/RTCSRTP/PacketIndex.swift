// SPDX-License-Identifier: Apache-2.0

/// The 48-bit index of an RTP packet: its roll-over counter, then its sequence number (RFC 3711 §3.3.1).
enum PacketIndex {
    /// The last index of a key; after it no packet may be sent (RFC 3711 §9.2).
    static var last: Int64 { 1 << 48 - 1 }
    /// The last index of SRTCP, which has 31 bits.
    static var lastRTCP: Int64 { 1 << 31 - 1 }
    /// How far one roll-over moves the index.
    static var rollover: Int64 { 1 << 16 }

    /// The index that `sequenceNumber` has when it is one of the 2^16 that begin `behind` before `highest`.
    ///
    /// With `behind` 2^15 this is Appendix A, which cannot know what the receiver remembers: an index further behind
    /// than its window would be refused anyway, so a receiver that passes its window follows more loss. Below zero, or
    /// above `last`, there is no such packet.
    static func guess(_ sequenceNumber: UInt16, highest: Int64, behind: Int64) -> Int64 {
        let lowest = highest &- behind
        return lowest &+ Int64(sequenceNumber &- UInt16(truncatingIfNeeded: lowest))
    }
}

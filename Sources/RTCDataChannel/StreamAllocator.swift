// SPDX-License-Identifier: Apache-2.0

/// Which end of the DTLS connection this is; it decides who opens channels on which streams (RFC 8832 §4).
package enum DataChannelRole: Hashable, Sendable {
    /// The DTLS client: opens channels on even streams.
    case client
    /// The DTLS server: opens channels on odd streams.
    case server

    /// Whether a channel on `stream` is for this side to open.
    func mayOpen(_ stream: UInt16) -> Bool { (stream & 1 == 0) == (self == .client) }
}

/// Knows which streams of an association are in use, and finds free ones.
///
/// One bit for each stream up to the highest in use: at most 8 KiB, however many channels there are. Identifiers
/// run from 0 to 65,534; 65,535 is reserved (RFC 8832 §3).
struct StreamAllocator {
    /// How many streams there are at most: identifiers 0 to 65,534.
    static let maximumCount = 65_535

    /// How many streams are in use.
    private(set) var count = 0

    private var words: [UInt64] = []
    // No even (first) and no odd (second) stream below these words is free.
    private var firstFree = (even: 0, odd: 0)

    private static let evenBits: UInt64 = 0x5555_5555_5555_5555

    /// Whether `stream` is in use.
    func contains(_ stream: UInt16) -> Bool {
        let word = Int(stream >> 6)
        return word < self.words.count && self.words[word] & (1 << UInt64(stream & 63)) != 0
    }

    /// Marks `stream` as in use; `false`, and no change, when it is already or does not exist.
    mutating func reserve(_ stream: UInt16) -> Bool {
        guard Int(stream) < Self.maximumCount, !self.contains(stream) else { return false }
        let word = Int(stream >> 6)
        while self.words.count <= word { self.words.append(0) }
        self.words[word] |= 1 << UInt64(stream & 63)
        self.count += 1
        return true
    }

    /// Takes the lowest free stream below `limit` that `role` may open; `nil` when all are in use.
    mutating func allocate(for role: DataChannelRole, below limit: Int) -> UInt16? {
        let parity = role == .client ? Self.evenBits : ~Self.evenBits
        let limit = min(limit, Self.maximumCount)
        var word = role == .client ? self.firstFree.even : self.firstFree.odd
        while word * 64 < limit {
            let free = (word < self.words.count ? ~self.words[word] : .max) & parity
            if free != 0 {
                let stream = word * 64 + free.trailingZeroBitCount
                guard stream < limit, let stream = UInt16(exactly: stream), self.reserve(stream) else { return nil }
                return stream
            }
            word += 1
            if role == .client { self.firstFree.even = word } else { self.firstFree.odd = word }
        }
        return nil
    }

    /// Gives `stream` back.
    mutating func release(_ stream: UInt16) {
        guard self.contains(stream) else { return }
        let word = Int(stream >> 6)
        self.words[word] &= ~(1 << UInt64(stream & 63))
        self.count -= 1
        if stream & 1 == 0 {
            self.firstFree.even = min(self.firstFree.even, word)
        } else {
            self.firstFree.odd = min(self.firstFree.odd, word)
        }
    }
}

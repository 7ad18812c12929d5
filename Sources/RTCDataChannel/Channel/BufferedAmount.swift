// SPDX-License-Identifier: Apache-2.0

/// Counts the bytes of the user that a channel has not handed to the network yet (W3C WebRTC §6.2,
/// `bufferedAmount`).
///
/// The association counts everything on a stream: OPEN and ACK messages and the byte that stands for an empty
/// message too. A stream is a queue, so remembering where those bytes lie is enough to subtract them.
struct BufferedAmount {
    /// At or below this many bytes the channel counts as drained.
    var lowThreshold = 0
    /// The bytes of the user, as of the last update.
    private(set) var value = 0

    // Positions count bytes since the channel began; what lies in front of `head` has been sent.
    private var given: Int64 = 0
    private var overhead: [Range<Int64>] = []
    private var head = 0
    private var overheadLeft: Int64 = 0

    /// Notes a message of `user` bytes, which takes `total` bytes on the stream.
    mutating func add(user: Int, total: Int) {
        if total > user {
            self.overhead.append(self.given..<(self.given + Int64(total - user)))
            self.overheadLeft += Int64(total - user)
        }
        self.given += Int64(total)
        self.value += user
    }

    /// Notes that the association still holds `remaining` bytes of the stream.
    ///
    /// Returns whether the amount fell from above the low threshold to it or below.
    mutating func update(remaining: Int) -> Bool {
        let sent = self.given - Int64(remaining)
        while self.head < self.overhead.count, self.overhead[self.head].lowerBound < sent {
            let range = self.overhead[self.head]
            self.overheadLeft -= min(range.upperBound, sent) - range.lowerBound
            guard range.upperBound <= sent else {
                self.overhead[self.head] = sent..<range.upperBound
                break
            }
            self.head += 1
        }
        if self.head > 32, self.head * 2 > self.overhead.count {
            self.overhead.removeFirst(self.head)
            self.head = 0
        }
        let before = self.value
        self.value = max(0, Int(clamping: Int64(remaining) - self.overheadLeft))
        return before > self.lowThreshold && self.value <= self.lowThreshold
    }
}

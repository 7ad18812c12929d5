// SPDX-License-Identifier: Apache-2.0

/// In which order the packets of several senders leave: that in which their frames came, each frame as a burst.
struct SendOrder: Sendable {
    private struct Run: Sendable {
        var sender: RTPSenderID
        var count: Int
    }

    private var runs: [Run] = []
    private var head = 0

    /// Whose packet is next.
    var first: RTPSenderID? { self.head < self.runs.count ? self.runs[self.head].sender : nil }

    /// How many runs wait.
    var count: Int { self.runs.count - self.head }

    /// Appends `count` packets of `sender`.
    mutating func append(_ count: Int, of sender: RTPSenderID) {
        guard count > 0 else { return }
        if self.head < self.runs.count, let last = self.runs.indices.last, self.runs[last].sender == sender {
            self.runs[last].count += count
        } else {
            self.runs.append(Run(sender: sender, count: count))
        }
    }

    /// Forgets the order, to begin anew.
    mutating func removeAll() {
        self.runs.removeAll(keepingCapacity: true)
        self.head = 0
    }

    /// The first packet has left.
    mutating func advance() {
        guard self.head < self.runs.count else { return }
        self.runs[self.head].count -= 1
        if self.runs[self.head].count == 0 { self.removeFirst() }
    }

    /// Drops the first run: its packets are gone.
    mutating func removeFirst() {
        guard self.head < self.runs.count else { return }
        self.head += 1
        if self.head == self.runs.count {
            self.runs.removeAll(keepingCapacity: true)
            self.head = 0
        } else if self.head > 64, self.head > self.runs.count / 2 {
            self.runs.removeFirst(self.head)
            self.head = 0
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What has been sent from each SSRC under one key; never forgotten, for an index that comes twice breaks the cipher.
struct SentStreams: ~Copyable {
    /// What is known of one SSRC.
    struct Stream {
        /// The highest index of RTP so far; below zero before the first.
        var highest: Int64 = -1
        /// The index of the next RTCP packet.
        var nextRTCP: Int64 = 0
        /// The first bytes of the tags of the latest packets, by index; zero where none was sent. Empty before the first.
        private var tags: [UInt64] = []

        /// How many of the latest packets may be sent again.
        static var memory: Int64 { 1_024 }

        /// What became of an index so far.
        enum Use: Equatable {
            case never
            /// A packet with this tag had it.
            case sent(UInt64)
            /// It is too far back to know.
            case forgotten
        }

        func use(of index: Int64) -> Use {
            if index > self.highest { return .never }
            guard index >= 0, self.highest - index < Self.memory else { return .forgotten }
            let tag = self.tags[Self.place(of: index)]
            return tag == 0 ? .never : .sent(tag)
        }

        /// Notes that `index`, never used before, went out with a tag that begins with `tag`.
        mutating func sent(_ index: Int64, tag: UInt64) {
            if self.tags.isEmpty { self.tags = [UInt64](repeating: 0, count: Int(Self.memory)) }
            if index > self.highest {
                for step in 1..<max(min(index - self.highest, Self.memory), 1) {
                    self.tags[Self.place(of: index - step)] = 0
                }
                self.highest = index
            }
            self.tags[Self.place(of: index)] = Self.kept(tag)
        }

        /// What `sent` keeps of `tag`.
        static func kept(_ tag: UInt64) -> UInt64 { max(tag, 1) }

        private static func place(of index: Int64) -> Int { Int(truncatingIfNeeded: index & (Self.memory - 1)) }
    }

    private let capacity: Int
    private var ssrcs: [UInt32] = []
    private var streams: [Stream] = []
    /// The slot found last: packets come in runs.
    private var recent = 0

    init(capacity: Int) { self.capacity = capacity }

    subscript(slot: Int) -> Stream {
        _read { yield self.streams[slot] }
        _modify { yield &self.streams[slot] }
    }

    /// Where the state of `ssrc` is, which is made when there is none; `nil` when there are too many.
    mutating func slot(of ssrc: UInt32) -> Int? {
        if self.recent < self.ssrcs.count, self.ssrcs[self.recent] == ssrc { return self.recent }
        if let slot = self.ssrcs.firstIndex(of: ssrc) {
            self.recent = slot
            return slot
        }
        guard self.streams.count < self.capacity else { return nil }
        self.ssrcs.append(ssrc)
        self.streams.append(Stream())
        self.recent = self.streams.count - 1
        return self.recent
    }
}

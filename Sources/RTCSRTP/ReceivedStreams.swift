// SPDX-License-Identifier: Apache-2.0

/// The state of each SSRC that a peer sends from, in a flat array of bounded size.
struct ReceivedStreams: ~Copyable {
    /// What is known of one SSRC.
    struct Stream {
        /// The packets of SRTP taken in.
        var rtp = ReplayWindow(words: 32)
        /// The packets of SRTCP taken in.
        var rtcp = ReplayWindow(words: 4)
        /// RTP packets in a row whose tag was not right.
        var failuresInARow = 0
        /// When it was last used, on a clock that ticks with each authentic packet.
        var lastUse: UInt64 = 0
    }

    /// After so many failures a stream is held to have gone on unheard for a whole roll-over.
    static var failuresOfLoss: Int { 8 }

    private let capacity: Int
    /// The SSRC of each stream; apart from them, for a look-up reads nothing else.
    private var ssrcs: [UInt32] = []
    private var streams: [Stream] = []
    /// The slot found last: packets come in runs.
    private var recent = 0
    private var clock: UInt64 = 0

    init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    var count: Int { self.streams.count }

    subscript(slot: Int) -> Stream {
        _read { yield self.streams[slot] }
        _modify { yield &self.streams[slot] }
    }

    /// Where the state of `ssrc` is; slots stay valid until the next `insert`.
    mutating func slot(of ssrc: UInt32) -> Int? {
        if self.recent < self.ssrcs.count, self.ssrcs[self.recent] == ssrc { return self.recent }
        guard let slot = self.ssrcs.firstIndex(of: ssrc) else { return nil }
        self.recent = slot
        return slot
    }

    /// The index that an RTP packet has by RFC 3711 §3.3.1, unless it was taken or cannot be, and that one roll-over
    /// later where there is reason to try it.
    func indices(of sequenceNumber: UInt16, in slot: Int?) -> (likely: Int64?, unlikely: Int64?) {
        guard let slot, self.streams[slot].rtp.highest >= 0 else {
            let index = Int64(sequenceNumber)
            // The peer may have begun shortly before a wrap, with all its packets until after that lost.
            return (index, sequenceNumber < 32_768 ? index + PacketIndex.rollover : nil)
        }
        let window = self.streams[slot].rtp
        var index = PacketIndex.guess(sequenceNumber, highest: window.highest, behind: window.size - 1)
        if index < 0 { index += PacketIndex.rollover }
        let later = index + PacketIndex.rollover
        let mayBeLater = self.streams[slot].failuresInARow >= Self.failuresOfLoss && later <= PacketIndex.last
        return (index <= PacketIndex.last && window.allows(index) ? index : nil, mayBeLater ? later : nil)
    }

    /// Makes a state for `ssrc`, of which an authentic packet has come; the SSRC silent for the longest makes room.
    mutating func insert(_ ssrc: UInt32) -> Int {
        if self.streams.count < self.capacity {
            self.ssrcs.append(ssrc)
            self.streams.append(Stream())
            return self.streams.count - 1
        }
        var oldest = 0
        for slot in self.streams.indices where self.streams[slot].lastUse < self.streams[oldest].lastUse {
            oldest = slot
        }
        self.ssrcs[oldest] = ssrc
        self.streams[oldest] = Stream()
        return oldest
    }

    /// Notes that an authentic packet used `slot`.
    mutating func use(_ slot: Int) {
        self.clock &+= 1
        self.streams[slot].lastUse = self.clock
        self.recent = slot
    }
}

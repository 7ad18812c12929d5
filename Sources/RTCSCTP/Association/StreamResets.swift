// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Stream resets in both directions (RFC 6525 §5): one request of ours and one of the peer's at a time.
struct StreamResets {
    /// Our request that the peer has not answered for good.
    struct Request {
        var sequenceNumber: UInt32
        var streams: [StreamID]
        /// What the peer must have before it can do it; unwrapped.
        var lastTSN: Int64
        /// Whether it must go out, for the first time or again.
        var isDue = true
        /// Whether the peer said that it is waiting for DATA.
        var isInProgress = false
    }

    /// A request of the peer's that waits for DATA.
    struct Deferred {
        var sequenceNumber: UInt32
        var streams: [StreamID]
        var lastTSN: Int64
    }

    /// How many waiting streams are looked at when a request is made.
    private static let searchDepth = 64
    /// How many streams fit one request in the smallest packet.
    static let maximumStreams = 200

    /// Streams to reset when what is queued on them was sent.
    var wanted: [StreamID] = []
    var request: Request?
    var deferred: Deferred?
    private var nextSequenceNumber: UInt32
    private var expectedSequenceNumber: UInt32
    private var lastResult = ReconfigurationResult.nothingToDo

    /// Both count from the initial TSNs (RFC 6525 §4.1).
    init(localInitialTSN: UInt32, peerInitialTSN: UInt32) {
        self.nextSequenceNumber = localInitialTSN
        self.expectedSequenceNumber = peerInitialTSN
    }

    /// The sequence number that the peer used last, for the response field of our requests.
    var lastPeerSequenceNumber: UInt32 { self.expectedSequenceNumber &- 1 }

    /// What to do with a request of the peer's by its number.
    enum Admission: Hashable {
        case new
        /// The answer was lost.
        case again(ReconfigurationResult)
        case refused(ReconfigurationResult)
    }

    func admit(_ sequenceNumber: UInt32) -> Admission {
        if sequenceNumber == self.expectedSequenceNumber {
            return self.deferred == nil ? .new : .refused(.requestInProgress)
        }
        if sequenceNumber == self.lastPeerSequenceNumber { return .again(self.lastResult) }
        return .refused(.badSequenceNumber)
    }

    /// Notes how the peer's next request went.
    mutating func finished(_ sequenceNumber: UInt32, with result: ReconfigurationResult) {
        self.expectedSequenceNumber = sequenceNumber &+ 1
        self.lastResult = result
    }

    /// The wanted streams that are ready by now become a request.
    mutating func makeRequest(lastTSN: Int64, isReady: (StreamID) -> Bool) -> [StreamID] {
        guard self.request == nil, !self.wanted.isEmpty else { return [] }
        let searched = self.wanted.prefix(max(Self.searchDepth, 1))
        var ready = searched.filter(isReady)
        guard !ready.isEmpty else { return [] }
        if ready.count == searched.count {
            ready += self.wanted[searched.count...].prefix(Self.maximumStreams - ready.count).prefix(while: isReady)
        }
        let chosen = Set(ready)
        self.wanted.removeAll { chosen.contains($0) }
        self.request = Request(sequenceNumber: self.nextSequenceNumber, streams: ready, lastTSN: lastTSN)
        self.nextSequenceNumber &+= 1
        return ready
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Fragments that came beyond a gap, found by TSN, and joined into whole messages as they touch.
///
/// Neighbouring fragments of one message form a segment. Only its two ends know where it begins and ends, so
/// one more fragment costs O(1), however long the message is.
struct ParkedFragments {
    private static let empty: Int32 = -1
    /// The fragment was here, and left with its whole message.
    private static let gone: Int32 = -2

    struct Fragment {
        var header: DataHeader
        var bytes: [UInt8]
        /// At an end of a segment: the TSN of its other end.
        var otherEnd: Int64
        /// At an end of a segment: the user bytes of all of it.
        var segmentBytes: Int

        /// Whether both can be parts of the same message (RFC 9260 §6.9).
        func isSameMessage(as other: DataHeader) -> Bool {
            self.header.stream == other.stream && self.header.ppid == other.ppid
                && self.header.flags.contains(.unordered) == other.flags.contains(.unordered)
                && (self.header.ssn == other.ssn || other.flags.contains(.unordered))
        }
    }

    /// What stands at the front.
    enum Front {
        case missing
        case fragment(header: DataHeader, bytes: [UInt8])
        case gone
    }

    /// What parking led to.
    enum Parked {
        case kept
        case completed(header: DataHeader, bytes: [UInt8])
        case violation
    }

    /// The TSN of place 0, which is the next in line and so always missing while anything is parked.
    private var base: Int64
    private var places = Ring<Int32>(filler: Self.empty)
    private var fragments: [Fragment] = []
    private var free: [Int32] = []
    /// The bytes of parked fragments, with their overhead.
    private(set) var heldBytes = 0

    init(nextTSN: Int64) { self.base = nextTSN }

    var isEmpty: Bool { self.places.isEmpty }

    /// Keeps the fragment of `tsn`, which is beyond the front, within the tracker's horizon, and new.
    mutating func park(_ tsn: Int64, header: DataHeader, payload: RawSpan, maximumMessageSize: Int) -> Parked {
        let place = Int(tsn &- self.base)
        while self.places.count <= place { self.places.append(Self.empty) }
        let left = self.places[place &- 1]
        let right = place &+ 1 < self.places.count ? self.places[place &+ 1] : Self.empty
        let isBegin = header.flags.contains(.begin)
        let isEnd = header.flags.contains(.end)
        var first = tsn
        var last = tsn
        var segmentBytes = payload.byteCount

        if left >= 0, !self.fragments[Int(left)].header.flags.contains(.end) {
            guard !isBegin, self.fragments[Int(left)].isSameMessage(as: header) else { return .violation }
            first = self.fragments[Int(left)].otherEnd
            segmentBytes &+= self.fragments[Int(left)].segmentBytes
        } else if left != Self.empty, !isBegin {
            return .violation
        }
        if right >= 0, !self.fragments[Int(right)].header.flags.contains(.begin) {
            guard !isEnd, self.fragments[Int(right)].isSameMessage(as: header) else { return .violation }
            last = self.fragments[Int(right)].otherEnd
            segmentBytes &+= self.fragments[Int(right)].segmentBytes
        } else if right != Self.empty, !isEnd {
            return .violation
        }

        let fragment = Fragment(
            header: header, bytes: payload.array, otherEnd: tsn, segmentBytes: segmentBytes)
        self.places[place] = self.store(fragment)
        let firstIndex = Int(self.places[Int(first &- self.base)])
        let lastIndex = Int(self.places[Int(last &- self.base)])
        self.fragments[firstIndex].otherEnd = last
        self.fragments[firstIndex].segmentBytes = segmentBytes
        self.fragments[lastIndex].otherEnd = first
        self.fragments[lastIndex].segmentBytes = segmentBytes
        guard self.fragments[firstIndex].header.flags.contains(.begin),
            self.fragments[lastIndex].header.flags.contains(.end)
        else { return .kept }
        return self.extract(first...last, segmentBytes: segmentBytes, maximumMessageSize: maximumMessageSize)
    }

    /// Takes what stands at the front, and moves on by one TSN; `missing` moves nothing.
    mutating func popFront() -> Front {
        guard let index = self.places.first else { return .missing }
        switch index {
        case Self.empty: return .missing
        case Self.gone:
            self.stepOver()
            return .gone
        default:
            self.stepOver()
            let fragment = self.release(index)
            return .fragment(header: fragment.header, bytes: fragment.bytes)
        }
    }

    /// Moves on by one TSN, which came or was given up without being parked.
    mutating func stepOver() {
        self.places.popFirst()
        self.base &+= 1
    }

    /// Drops everything up to `tsn`.
    mutating func discard(through tsn: Int64) {
        while self.base <= tsn, let index = self.places.first {
            if index >= 0 {
                let end = self.fragments[Int(index)].otherEnd
                let rest = self.fragments[Int(index)].segmentBytes &- self.fragments[Int(index)].bytes.count
                _ = self.release(index)
                if end > self.base { self.shorten(from: self.base &+ 1, to: end, segmentBytes: rest) }
            }
            self.stepOver()
        }
        self.base = max(self.base, tsn &+ 1)
    }

    /// Makes `first` the left end of the segment that ends at `last`.
    private mutating func shorten(from first: Int64, to last: Int64, segmentBytes: Int) {
        let firstIndex = Int(self.places[Int(first &- self.base)])
        let lastIndex = Int(self.places[Int(last &- self.base)])
        self.fragments[firstIndex].otherEnd = last
        self.fragments[firstIndex].segmentBytes = segmentBytes
        self.fragments[lastIndex].otherEnd = first
        self.fragments[lastIndex].segmentBytes = segmentBytes
    }

    private mutating func extract(
        _ range: ClosedRange<Int64>, segmentBytes: Int, maximumMessageSize: Int
    ) -> Parked {
        let header = self.fragments[Int(self.places[Int(range.lowerBound &- self.base)])].header
        var bytes: [UInt8] = []
        let isTooLarge = segmentBytes > maximumMessageSize
        if !isTooLarge { bytes.reserveCapacity(segmentBytes) }
        for tsn in range {
            let place = Int(tsn &- self.base)
            let fragment = self.release(self.places[place])
            self.places[place] = Self.gone
            if !isTooLarge { bytes += fragment.bytes }
        }
        return .completed(header: header, bytes: bytes)
    }

    private mutating func store(_ fragment: Fragment) -> Int32 {
        self.heldBytes &+= fragment.bytes.count &+ DeliveryQueue.overhead
        if let index = self.free.popLast() {
            self.fragments[Int(index)] = fragment
            return index
        }
        self.fragments.append(fragment)
        return Int32(truncatingIfNeeded: self.fragments.count &- 1)
    }

    private mutating func release(_ index: Int32) -> Fragment {
        let fragment = self.fragments[Int(index)]
        self.fragments[Int(index)].bytes = []
        self.free.append(index)
        self.heldBytes &-= fragment.bytes.count &+ DeliveryQueue.overhead
        if self.free.count == self.fragments.count {
            // The last one left: a burst of losses does not keep its memory for ever.
            self.fragments.removeAll(keepingCapacity: self.fragments.count <= 64)
            self.free.removeAll(keepingCapacity: self.free.count <= 64)
        }
        return fragment
    }
}

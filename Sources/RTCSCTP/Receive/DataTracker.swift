// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Which TSNs have come: all up to one, some beyond it, and those that came again (RFC 9260 §6.2, §6.7).
struct DataTracker {
    /// How far beyond the cumulative TSN one is taken; a gap block could say four times as much.
    static let horizon: Int64 = 16_384
    /// How many gaps are remembered; a TSN that would open one more counts as lost.
    static let maximumRanges = 2_048
    /// How many duplicates one SACK reports.
    static let maximumDuplicates = 16

    /// What a TSN is to the tracker.
    enum Arrival: Hashable {
        /// The next in line; the cumulative TSN moved.
        case next
        /// Beyond a gap.
        case ahead
        case duplicate
        /// Too far ahead to be taken.
        case refused
    }

    /// TSNs that came beyond a gap, first and last.
    struct Range: Hashable, BitwiseCopyable {
        var first: Int64
        var last: Int64
    }

    /// All TSNs up to this one have come; unwrapped.
    private(set) var cumulativeTSN: Int64
    private(set) var ranges: [Range] = []
    private(set) var duplicates: [UInt32] = []
    private var wrapReference: SerialUnwrapper<UInt32>

    /// Nothing has come; `initialTSN` is the first that will.
    init(initialTSN: UInt32) {
        self.cumulativeTSN = Int64(initialTSN) - 1
        self.wrapReference = SerialUnwrapper(at: Int64(initialTSN) - 1)
    }

    var hasGaps: Bool { !self.ranges.isEmpty }

    /// The highest TSN that has come.
    var highestTSN: Int64 { self.ranges.last?.last ?? self.cumulativeTSN }

    /// The number that never wraps for `tsn`, as near as possible to the cumulative TSN.
    func unwrap(_ tsn: UInt32) -> Int64 { self.wrapReference.peek(tsn) }

    /// What `tsn` would be; changes nothing.
    func classify(_ tsn: Int64) -> Arrival {
        if tsn == self.cumulativeTSN &+ 1 { return .next }
        if tsn <= self.cumulativeTSN { return .duplicate }
        if tsn > self.cumulativeTSN &+ Self.horizon { return .refused }
        guard let last = self.ranges.last else { return .ahead }
        if tsn == last.last &+ 1 { return .ahead }
        if tsn > last.last { return self.ranges.count < Self.maximumRanges ? .ahead : .refused }
        let index = self.firstRange(endingAtOrAfter: tsn)
        if self.ranges[index].first <= tsn { return .duplicate }
        let joins =
            self.ranges[index].first == tsn &+ 1 || (index > 0 && self.ranges[index &- 1].last == tsn &- 1)
        return joins || self.ranges.count < Self.maximumRanges ? .ahead : .refused
    }

    /// Notes that the next TSN has come, and those ranges that it joins.
    mutating func takeNext() {
        self.cumulativeTSN &+= 1
        if let first = self.ranges.first, first.first == self.cumulativeTSN &+ 1 {
            self.cumulativeTSN = first.last
            self.ranges.removeFirst()
        }
        _ = self.wrapReference.unwrap(UInt32(truncatingIfNeeded: self.cumulativeTSN))
    }

    /// Notes that a TSN beyond a gap has come; `classify` said `.ahead`.
    mutating func takeAhead(_ tsn: Int64) {
        guard let last = self.ranges.last, tsn <= last.last else {
            let end = self.ranges.count &- 1
            if end >= 0, self.ranges[end].last == tsn &- 1 {
                self.ranges[end].last = tsn
            } else {
                self.ranges.append(Range(first: tsn, last: tsn))
            }
            return
        }
        let index = self.firstRange(endingAtOrAfter: tsn)
        let joinsNext = self.ranges[index].first == tsn &+ 1
        let joinsPrevious = index > 0 && self.ranges[index &- 1].last == tsn &- 1
        switch (joinsPrevious, joinsNext) {
        case (true, true):
            self.ranges[index &- 1].last = self.ranges[index].last
            self.ranges.remove(at: index)
        case (true, false): self.ranges[index &- 1].last = tsn
        case (false, true): self.ranges[index].first = tsn
        case (false, false): self.ranges.insert(Range(first: tsn, last: tsn), at: index)
        }
    }

    /// Remembers a duplicate for the next SACK.
    mutating func takeDuplicate(_ tsn: Int64) {
        guard self.duplicates.count < Self.maximumDuplicates else { return }
        self.duplicates.append(UInt32(truncatingIfNeeded: tsn))
    }

    /// Counts everything up to `tsn` as come (RFC 3758 §3.6).
    mutating func skip(to tsn: Int64) {
        guard tsn > self.cumulativeTSN else { return }
        self.cumulativeTSN = tsn
        let passed = self.ranges.prefix { $0.first <= tsn &+ 1 }
        if let last = passed.last { self.cumulativeTSN = max(tsn, last.last) }
        self.ranges.removeFirst(passed.count)
        // The reference is set anew, for the jump may be half the circle.
        self.wrapReference = SerialUnwrapper(at: self.cumulativeTSN)
    }

    /// Writes a SACK with as many gap blocks as fit, the lowest first, and then duplicates (RFC 9260 §6.7).
    ///
    /// Returns whether there was room for one at all.
    mutating func writeSack(advertisedWindow: UInt32, room: Int, into writer: inout ByteWriter) -> Bool {
        guard room >= SackChunk.byteCount else { return false }
        let places = (room &- SackChunk.byteCount) / 4
        let blockCount = min(self.ranges.count, places)
        let duplicateCount = min(self.duplicates.count, places &- blockCount)
        writer.writeChunk(.sack) { writer in
            writer.write(UInt32(truncatingIfNeeded: self.cumulativeTSN))
            writer.write(advertisedWindow)
            writer.write(UInt16(truncatingIfNeeded: blockCount))
            writer.write(UInt16(truncatingIfNeeded: duplicateCount))
            for index in 0..<blockCount {
                writer.write(UInt16(truncatingIfNeeded: self.ranges[index].first &- self.cumulativeTSN))
                writer.write(UInt16(truncatingIfNeeded: self.ranges[index].last &- self.cumulativeTSN))
            }
            for index in 0..<duplicateCount { writer.write(self.duplicates[index]) }
        }
        self.duplicates.removeAll(keepingCapacity: true)
        return true
    }

    /// O(log n); the caller knows that there is one.
    private func firstRange(endingAtOrAfter tsn: Int64) -> Int {
        var low = 0
        var high = self.ranges.count &- 1
        while low < high {
            let middle = (low &+ high) / 2
            if self.ranges[middle].last < tsn { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension Sender {
    /// Takes in a SACK (RFC 9260 §6.2.1); it is checked as a whole before anything changes.
    mutating func receive(
        _ sack: borrowing SackChunk, timers: inout Deadlines, now: Instant
    ) -> SackOutcome {
        let before = self.flight.firstTSN &- 1
        let cumulative = unwrapTSN(sack.cumulativeTSN, near: before)
        let highestSent = self.flight.nextTSN &- 1
        if cumulative > highestSent { return .violation }
        if cumulative < before { return .ignored }
        for index in 0..<sack.blockCount {
            guard let block = sack.block(index), block.start > 1, block.start <= block.end else { return .ignored }
            if cumulative &+ Int64(block.end) > highestSent { return .violation }
        }

        let wasLimited = self.flight.wireBytes &+ self.packetSize >= self.congestion.window
        let news = self.takeReports(sack, cumulative: cumulative, now: now)
        self.advertisedWindow = Int(sack.advertisedWindow)
        if sack.duplicateCount > 0, self.chunksRetransmitted > 0 { self.losses.sawDuplicates() }
        if let roundTrip = news.roundTrip { self.timeout.measured(nanoseconds: roundTrip) }
        if news.bytes > 0 {
            self.timeout.resetBackoff()
            self.hasProbedTail = false
        }
        self.congestion.acknowledged(
            bytes: news.bytes, roundTrip: news.roundTrip, cumulativeTSN: cumulative, highestSentTSN: highestSent,
            cumulativeAdvanced: cumulative > before, wasLimited: wasLimited)
        if self.flight.isEmpty { self.congestion.becameIdle() }
        let lostFirst = self.findLosses(highestNewlyAcked: news.highest, timers: &timers, now: now)
        self.arm(&timers, restart: cumulative > before || lostFirst, now: now)
        return .taken(hasNew: news.bytes > 0)
    }

    private struct News {
        var bytes = 0
        /// Of the chunk that was sent last and only once (Karn's rule).
        var roundTrip: Int64?
        var highest: Int64?
    }

    private mutating func takeReports(_ sack: borrowing SackChunk, cumulative: Int64, now: Instant) -> News {
        var news = News()
        let highestBefore = self.flight.highestAckedTSN
        while self.flight.firstTSN <= cumulative {
            let tsn = self.flight.firstTSN
            guard let chunk = self.flight.popFirst() else { break }
            if chunk.state != .acked { self.take(chunk, tsn: tsn, highestBefore: highestBefore, into: &news, now: now) }
        }
        // What the cumulative TSN stops at cannot have come: an earlier report of it was taken back.
        if !self.flight.isEmpty, self.flight.chunks[0].state == .acked { self.flight.unmarkAcked() }
        for index in 0..<sack.blockCount {
            guard let block = sack.block(index) else { break }
            let end = Int(block.end) &- 1
            var place = self.flight.firstUnacked(from: Int(block.start) &- 1)
            while place <= end {
                let tsn = self.flight.firstTSN &+ Int64(place)
                let chunk = self.flight.markAcked(place)
                self.take(chunk, tsn: tsn, highestBefore: highestBefore, into: &news, now: now)
                place = self.flight.firstUnacked(from: place &+ 1)
            }
        }
        return news
    }

    @inline(__always)
    private mutating func take(
        _ chunk: Flight.Chunk, tsn: Int64, highestBefore: Int64, into news: inout News, now: Instant
    ) {
        news.bytes &+= chunk.wireBytes
        news.highest = max(news.highest ?? tsn, tsn)
        if chunk.transmissions == 1 {
            let roundTrip = now.nanoseconds &- chunk.sentAt
            news.roundTrip = min(news.roundTrip ?? roundTrip, roundTrip)
        }
        self.losses.acknowledged(
            chunk, tsn: tsn, highestBefore: highestBefore, minimumRoundTrip: self.timeout.minimumRoundTrip, now: now)
    }

    /// Marks lost chunks; `true` when the first outstanding one is among them for the first time.
    mutating func findLosses(
        highestNewlyAcked: Int64?, timers: inout Deadlines, now: Instant
    ) -> Bool {
        guard !self.flight.isEmpty, self.flight.highestAckedTSN > self.flight.firstTSN else {
            timers.cancel(.reordering)
            return false
        }
        let firstState = self.flight.chunks[0].state
        let result = self.losses.detect(
            in: &self.flight, highestNewlyAcked: highestNewlyAcked, isInRecovery: self.congestion.isInRecovery,
            timeout: self.timeout, now: now)
        if let again = result.again { timers.set(.reordering, at: again) } else { timers.cancel(.reordering) }
        if result.found, self.congestion.lostBySack(highestSentTSN: self.flight.nextTSN &- 1) {
            self.mayForceOne = true
        }
        return firstState == .inFlight && self.flight.chunks[0].state == .lost
    }
}

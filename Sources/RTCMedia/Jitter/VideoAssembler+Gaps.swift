// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What happens while packets are missing, in this order:
///
///     gap → one round trip: frames behind it that can be decoded are taken
///         → three round trips: a key frame is asked for
///         → a second or more: the gap is given up
extension VideoAssembler {
    /// When frames behind the gap may be taken: when a retransmission should have come.
    private func resumeTime(of gap: Gap) -> Instant {
        self.layers.isBroken ? gap.since : gap.since + max(self.roundTripTime, .milliseconds(20)) + .milliseconds(10)
    }

    private func requestTime(of gap: Gap) -> Instant {
        let time = gap.since + (self.roundTripTime * 3).clamped(to: .milliseconds(150) ... .milliseconds(600))
        guard let next = self.requests.next else { return time }
        return max(time, next)
    }

    private func skipTime(of gap: Gap) -> Instant {
        gap.since + (self.roundTripTime * 3 + .milliseconds(100)).clamped(to: self.limits.wait)
    }

    func nextStep(of gap: Gap) -> Instant {
        let later = min(self.requestTime(of: gap), self.skipTime(of: gap))
        return gap.wasResumable ? later : min(later, self.resumeTime(of: gap))
    }

    /// Does what is due for the gap, if there is one.
    mutating func checkGap(at now: Instant) {
        while let gap = self.gap {
            let isResumable = now >= self.resumeTime(of: gap)
            if isResumable, let start = self.findResumption(behind: gap.sequence) {
                self.resume(at: start, now: now)
            } else if now >= self.skipTime(of: gap) {
                self.skipGap(at: now)
            } else {
                self.gap?.wasResumable = isResumable
                if now >= self.requestTime(of: gap) { self.requestKeyFrame(at: now) }
                return
            }
        }
    }

    /// Gives the gap up: what is there before it is dropped, and frames can be decoded from a key frame on.
    mutating func skipGap(at now: Instant) {
        guard let gap = self.gap else { return }
        if let start = self.findResumption(behind: gap.sequence) { return self.resume(at: start, now: now) }
        self.layers.break()
        self.dropAll(before: self.window.firstPresent(from: gap.sequence) ?? self.window.end)
        self.requestKeyFrame(at: now)
        self.advance(at: now)
    }

    private mutating func resume(at start: Int64, now: Instant) {
        self.layers.break()
        self.dropAll(before: start)
        self.startIsKnown = true
        self.advance(at: now)
    }

    /// The first complete frame behind the gap that can be decoded without what is missing.
    private func findResumption(behind gap: Int64) -> Int64? {
        var sequence = gap &+ 1
        while sequence < self.window.end {
            guard self.isFrameStart(at: sequence) else {
                sequence &+= 1
                continue
            }
            let run = self.run(from: sequence)
            if run.isWhole { return sequence }
            // No frame begins within another, so the search stays linear.
            sequence = run.end
        }
        return nil
    }

    private func isFrameStart(at sequence: Int64) -> Bool {
        guard let mark = self.window.mark(at: sequence), !mark.isPadding, !mark.isDamaged else { return false }
        if mark.info.isFrameStart || mark.isCertainKeyFrameStart { return true }
        guard mark.info.mayStartFrame, let previous = self.window.mark(at: sequence &- 1), !previous.isPadding else {
            return false
        }
        return previous.isFrameEnd || previous.timestamp != mark.timestamp
    }

    /// The packets of the frame that begins at `start`, as far as they are there without a gap, and whether they are
    /// all of a frame that can be decoded.
    private func run(from start: Int64) -> (end: Int64, isWhole: Bool) {
        var sequence = start
        guard let first = self.window.mark(at: start) else { return (start &+ 1, false) }
        var isKeyFrame = false
        var isDamaged = false
        var isWhole = false
        while !isWhole, let mark = self.window.mark(at: sequence) {
            if !mark.isPadding {
                isWhole = mark.timestamp != first.timestamp
                if isWhole { break }
                isKeyFrame = isKeyFrame || mark.info.isKeyFrame
                isDamaged = isDamaged || mark.isDamaged
                isWhole = mark.isFrameEnd
            }
            sequence &+= 1
        }
        let isDecodable = !isDamaged && (isKeyFrame || self.layers.canResume(at: first.info, sequence: start))
        return (max(sequence, start &+ 1), isWhole && isDecodable)
    }
}

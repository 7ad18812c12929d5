// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension SCTPAssociation {
    // MARK: Ours

    /// Asks the peer to reset streams of ours after what is queued on them has been sent (RFC 6525).
    ///
    /// Until `outgoingStreamsReset` or `resetFailed` comes, `send` on them throws `streamResetting`.
    package mutating func resetStreams(_ streams: [StreamID], at now: Instant) {
        guard self.state != .closed else { return }
        var refused: [StreamID] = []
        for stream in streams where self.sender.queue.reset(of: stream) == .none {
            guard !self.isUp || self.peer.capabilities.contains(.reconfiguration) else {
                refused.append(stream)
                continue
            }
            self.sender.queue.setReset(.wanted, of: stream)
            self.resets.wanted.append(stream)
        }
        if !refused.isEmpty { self.events.append(.resetFailed(refused)) }
    }

    /// Makes a request of the streams that have nothing left to send.
    mutating func makeResetRequest() {
        guard !self.resets.wanted.isEmpty, self.resets.request == nil, self.state == .established else { return }
        // Not `self` in the closure: both are parts of it.
        let unsent = Set(self.resets.wanted.prefix(StreamResets.maximumStreams).filter { self.sender.hasUnsent($0) })
        let asked = self.resets.makeRequest(lastTSN: self.sender.flight.nextTSN - 1) { !unsent.contains($0) }
        for stream in asked { self.sender.queue.setReset(.asked, of: stream) }
    }

    /// Writes the request that is due, and starts its timer.
    mutating func writeResetRequest(limit: Int, into writer: inout ByteWriter, at now: Instant) {
        guard let request = self.resets.request, request.isDue,
            writer.count + 20 + paddedCount(2 * request.streams.count) <= limit
        else { return }
        self.resets.request?.isDue = false
        writer.writeChunk(.reconfiguration) { writer in
            OutgoingResetRequest.write(
                sequenceNumber: request.sequenceNumber, responseSequenceNumber: self.resets.lastPeerSequenceNumber,
                lastTSN: UInt32(truncatingIfNeeded: request.lastTSN), streams: request.streams, into: &writer)
        }
        self.timers.set(.reconfiguration, at: now + self.sender.timeout.current)
    }

    /// The peer did not answer, or is still waiting for DATA.
    mutating func resetTimedOut(at now: Instant) {
        guard let request = self.resets.request else { return }
        if !request.isInProgress, self.notePeerTimeout(at: now) { return }
        self.resets.request?.isDue = true
    }

    private mutating func receivedResponse(_ response: ReconfigurationResponse, at now: Instant) {
        guard let request = self.resets.request, request.sequenceNumber == response.sequenceNumber else { return }
        self.health.confirmed(at: now)
        switch response.result {
        case .performed, .nothingToDo:
            for stream in request.streams { self.sender.queue.restart(stream) }
            self.events.append(.outgoingStreamsReset(request.streams))
        case .inProgress, .requestInProgress:
            self.resets.request?.isInProgress = true
            return
        default: self.failReset(of: request.streams)
        }
        self.resets.request = nil
        self.timers.cancel(.reconfiguration)
    }

    /// The peer does not reset these streams; they go on as they are.
    mutating func failReset(of streams: [StreamID]) {
        for stream in streams { self.sender.queue.setReset(.none, of: stream) }
        self.events.append(.resetFailed(streams))
    }

    // MARK: The peer's

    /// Takes in one or two requests or responses (RFC 6525 §5.2).
    mutating func receivedReconfiguration(_ chunk: borrowing TLV, at now: Instant) {
        switch self.state {
        case .established, .shutdownPending, .shutdownSent, .shutdownReceived: break
        case .idle, .cookieWait, .cookieEchoed, .shutdownAckSent, .closed: return
        }
        var parameters = TLVIterator(chunk.value)
        var answered = 0
        while answered < 2, let parameter = parameters.next() {
            answered += 1
            switch parameter.parameterType {
            case .outgoingReset: self.receivedOutgoingReset(parameter)
            case .reconfigurationResponse:
                if let response = ReconfigurationResponse(parameter) { self.receivedResponse(response, at: now) }
            case .incomingReset, .associationReset, .addOutgoingStreams, .addIncomingStreams:
                // Data channels need none of these, so nobody is granted one.
                if let sequence = parameter.value.uint32(at: 0) { self.refuse(sequence) }
            case let unknown: if unknown.actionIfUnknown.stops { return }
            }
        }
    }

    private mutating func receivedOutgoingReset(_ parameter: borrowing TLV) {
        guard let request = OutgoingResetRequest(parameter) else { return }
        let sequence = request.sequenceNumber
        switch self.resets.admit(sequence) {
        case .again(let result), .refused(let result): return self.respond(sequence, result)
        case .new: break
        }
        var streams: [StreamID] = []
        for index in 0..<request.streamCount {
            if let stream = request.stream(index) { streams.append(stream) }
        }
        guard streams.allSatisfy({ $0.rawValue < self.peer.inboundStreams }) else {
            self.resets.finished(sequence, with: .wrongSSN)
            return self.respond(sequence, .wrongSSN)
        }
        let lastTSN = self.receiver.tracker.unwrap(request.lastTSN)
        if lastTSN > self.receiver.tracker.cumulativeTSN {
            // "if the Sender's Last Assigned TSN is greater than the cumulative acknowledgment point" (§5.2.2 E2).
            self.resets.finished(sequence, with: .inProgress)
            self.resets.deferred = StreamResets.Deferred(
                sequenceNumber: sequence, streams: streams, lastTSN: lastTSN)
            return self.respond(sequence, .inProgress)
        }
        self.perform(streams, sequence: sequence)
    }

    /// Does the reset that waited for DATA, and says so before the peer asks again.
    mutating func performDeferredReset() {
        guard let deferred = self.resets.deferred, self.receiver.tracker.cumulativeTSN >= deferred.lastTSN else {
            return
        }
        self.resets.deferred = nil
        self.perform(deferred.streams, sequence: deferred.sequenceNumber)
    }

    private mutating func perform(_ streams: [StreamID], sequence: UInt32) {
        if streams.isEmpty { self.receiver.resetAllStreams() } else { self.receiver.reset(streams) }
        self.resets.finished(sequence, with: .performed)
        self.events.append(.incomingStreamsReset(streams))
        self.respond(sequence, .performed)
    }

    private mutating func refuse(_ sequence: UInt32) {
        switch self.resets.admit(sequence) {
        case .again(let result), .refused(let result): self.respond(sequence, result)
        case .new:
            self.resets.finished(sequence, with: .denied)
            self.respond(sequence, .denied)
        }
    }

    private mutating func respond(_ sequence: UInt32, _ result: ReconfigurationResult) {
        let response = ReconfigurationResponse(sequenceNumber: sequence, result: result)
        self.enqueue(.reconfiguration) { response.write(into: &$0) }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension DTLSEndpoint {
    /// No record, and no datagram of several, is longer than this many bytes.
    package static let maximumDatagramCount = 16_384 + 512

    /// Takes in a datagram; `deliver` is called for each record of application data in it, once the peer is verified.
    ///
    /// The span that `deliver` gets is valid during that call only. It may call `seal` and `close`, but not `receive`.
    /// Records can arrive in the same call in which the peer becomes verified, before `connected` is polled.
    package func receive(_ datagram: RawSpan, at now: Instant, deliver: (RawSpan) -> Void) {
        self.statistics.datagramsReceived += 1
        // RFC 7983 §7: DTLS is what begins with 20 to 63.
        guard let first = datagram.byte(at: 0), (20...63).contains(first),
            datagram.byteCount <= Self.maximumDatagramCount
        else {
            self.statistics.datagramsNotDTLS += 1
            return
        }
        self.accept(datagram, at: now, deliver: deliver)
    }

    /// Hands out the records that came while the peer was not verified, oldest first; to be called at `connected`.
    package func deliverHeld(_ deliver: (RawSpan) -> Void) {
        guard case .connected(let connection, var held) = self.state, !held.isEmpty else { return }
        self.state = .connected(connection, self.context.configuration.limits.makeStore())
        while held.takeFirst({ record in
            // A record may have made the owner close.
            if self.isConnected {
                self.statistics.recordsDelivered += 1
                deliver(record)
            }
            return true
        }) {}
    }

    /// Writes `data`, 1 to 16,384 bytes, as one record: a whole datagram.
    ///
    /// `false`, with nothing written, before `connected`, after the end, and when the record does not fit: it is
    /// `negotiated.recordOverhead` bytes longer than `data` at most.
    package func seal(_ data: RawSpan, into writer: inout ByteWriter) -> Bool {
        guard case .connected(let connection, _) = self.state, let overhead = self.negotiated?.recordOverhead,
            (1...16_384).contains(data.byteCount), writer.remaining >= data.byteCount + overhead
        else { return false }
        var count = 0
        writer.withFreeMemory { memory in
            count = connection.seal(data, into: memory)
            return count
        }
        guard count > 0 else { return false }
        self.statistics.recordsSealed += 1
        return true
    }

    /// `count` bytes, at most 1,024, that only the two ends know (RFC 5705); `nil` unless connected.
    ///
    /// SRTP takes its keys so, with the label `EXTRACTOR-dtls_srtp` (RFC 5764 §4.2).
    package func exportKeyingMaterial(label: String, count: Int) -> [UInt8]? {
        guard case .connected(let connection, _) = self.state, (1...1_024).contains(count) else { return nil }
        return connection.exportKeyingMaterial(label: label, count: count)
    }

    /// Ends the association in order; the peer is told by close_notify, which waits in `pollTransmit`. No event follows.
    package func close(at now: Instant) {
        switch self.state {
        case .idle: self.end(nil, lastWords: nil)
        case .handshaking(let connection, _), .unverified(let connection, _), .connected(let connection, _):
            connection.shutDown()
            self.end(nil, lastWords: connection)
        case .ended: break
        }
    }

    func accept(_ datagram: RawSpan, at now: Instant, deliver: (RawSpan) -> Void) {
        switch self.state {
        case .idle(var early):
            if !early.append(datagram) { self.statistics.overflows += 1 }
            self.state = .idle(early)
        case .handshaking(let connection, var filter):
            let count = filter.acceptedCount(of: datagram)
            self.state = .handshaking(connection, filter)
            if count < datagram.byteCount { self.statistics.datagramsFiltered += 1 }
            guard count > 0, let accepted = datagram.slice(0..<count) else { return }
            self.process(accepted, on: connection, at: now, deliver: deliver)
        case .unverified(let connection, _), .connected(let connection, _):
            self.process(datagram, on: connection, at: now, deliver: deliver)
        case .ended: self.statistics.datagramsAfterEnd += 1
        }
    }

    private func process(
        _ datagram: RawSpan, on connection: SecureConnection, at now: Instant, deliver: (RawSpan) -> Void
    ) {
        let written = connection.writtenCount
        connection.feed(datagram) {
            if case .handshaking = self.state, !self.advanceHandshake(connection) { return }
            self.deliverHeld(deliver)
            self.readRecords(from: connection, deliver: deliver)
        }
        self.updateTimers(connection, wroteFlight: connection.writtenCount != written, at: now)
    }

    private func readRecords(from connection: SecureConnection, deliver: (RawSpan) -> Void) {
        guard !self.hasEnded else { return }
        let outcome = connection.readRecords { record in
            switch self.state {
            case .connected:
                self.statistics.recordsDelivered += 1
                deliver(record)
            case .unverified(_, var held):
                if !held.append(record) { self.statistics.overflows += 1 }
                self.state = .unverified(connection, held)
            case .idle, .handshaking, .ended: break
            }
            return !self.hasEnded
        }
        switch outcome {
        case .wantsInput, .finished: break
        case .closed:
            // "Each party MUST send a "close_notify" alert before closing its write side" (RFC 8446 §6.1).
            connection.shutDown()
            self.end(.closedByPeer, lastWords: connection)
        case .failed(let failure): self.end(.failed(failure), lastWords: connection)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL
package import RTCCrypto
package import RTCWire

extension DTLSEndpoint {
    /// Begins the handshake, or begins to wait for the peer's; datagrams that came before are used now.
    ///
    /// - Parameters:
    ///   - role: which end this is, as signaling decided.
    ///   - initialTimeout: how long to wait before the first flight is sent again; twice the round-trip time that ICE
    ///     measured is right. Kept within 50 ms to 3 s.
    package func start(role: DTLSRole, initialTimeout: Duration = .milliseconds(200), at now: Instant) {
        guard case .idle(var early) = self.state else { return }
        let configuration = self.context.configuration
        let connection = SecureConnection(context: self.context, role: role, fingerprints: self.fingerprints)
        guard let connection else { return self.end(.failed(.unavailable), lastWords: nil) }
        self.schedule = ResendSchedule(first: initialTimeout, ceiling: configuration.maximumResendInterval)
        self.timers.set(.deadline, at: now + configuration.handshakeTimeout)
        self.state = .handshaking(connection, PlaintextFilter(role: role, limits: configuration.limits))
        self.advanceHandshake(connection)
        self.updateTimers(connection, wroteFlight: !connection.outgoing.isEmpty, at: now)
        while early.takeFirst({ datagram in
            // Nothing can be delivered: no handshake ends without an answer to our first flight.
            self.accept(datagram, at: now) { _ in }
            return true
        }) {}
    }

    /// Tells what signaling says about the peer's certificate; may come before, during and after the handshake.
    ///
    /// An empty list tells nothing. After a match, `connected` follows; otherwise the association fails. A list that
    /// comes when the peer is verified already must match as well.
    package func setRemoteFingerprints(_ fingerprints: [Fingerprint]) {
        guard !fingerprints.isEmpty else { return }
        self.fingerprints = fingerprints
        switch self.state {
        case .idle, .ended: break
        case .handshaking(let connection, _), .unverified(let connection, _), .connected(let connection, _):
            connection.fingerprints = fingerprints
            self.checkIdentity(of: connection)
        }
    }

    /// Goes on with the handshake; `true` when it is over and the association lives.
    @discardableResult
    func advanceHandshake(_ connection: SecureConnection) -> Bool {
        let outcome = connection.advanceHandshake()
        self.remoteCertificate = connection.peerCertificate
        switch outcome {
        case .wantsInput: return false
        case .closed:
            self.end(.closedByPeer, lastWords: connection)
            return false
        case .failed(let failure):
            self.end(.failed(failure), lastWords: connection)
            return false
        case .finished:
            self.negotiated = connection.negotiated
            self.timers.cancel(.deadline)
            self.state = .unverified(connection, self.context.configuration.limits.makeStore())
            self.report(.handshakeCompleted)
            self.checkIdentity(of: connection)
            return !self.hasEnded
        }
    }

    /// The one door to `connected`.
    private func checkIdentity(of connection: SecureConnection) {
        guard let identity = connection.identity else { return }
        if let failure = identity.failure {
            // "MUST terminate the media connection with a bad_certificate error" (RFC 8122 §6.2, of either role).
            connection.sendAlert(SSL_AD_BAD_CERTIFICATE)
            return self.end(.failed(failure), lastWords: connection)
        }
        guard case .unverified(_, let held) = self.state else { return }
        self.state = .connected(connection, held)
        self.report(.connected)
    }

    /// Ends the association: only what waits to be sent remains of `connection`.
    func end(_ event: DTLSEvent?, lastWords connection: SecureConnection?) {
        self.statistics.overflows += connection?.overflows ?? 0
        self.timers.cancelAll()
        self.state = .ended(connection?.outgoing ?? self.context.configuration.limits.makeStore())
        if let event { self.report(event) }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
internal import RTCDTLS
internal import RTCDataChannel
internal import RTCEngine
internal import RTCICE
internal import RTCNegotiation
internal import RTCSDP

extension ConnectionCore {
    /// Starts the transport with what two descriptions agreed on, on the loop.
    func start(_ transport: NegotiatedTransport) {
        self.startICE(transport)
        self.startDTLS(transport)
    }

    /// Starts the association of the data channels on the transport.
    func start(_ association: NegotiatedAssociation) {
        self.startSCTP(
            remotePort: association.remotePort, remoteMaxMessageSize: association.remoteMaxMessageSize ?? 0)
    }

    /// Takes another limit for messages that the peer has named.
    func update(_ association: NegotiatedAssociation) {
        self.withEngine { engine, now in
            engine.withChannels(at: now) { $0.remoteMaxMessageSize = association.remoteMaxMessageSize ?? 0 }
        }
        self.maxMessageSize = self.engine.maxSendSize
    }

    /// Ends the association and with it every channel; media goes on.
    func stopAssociation() {
        self.withEngine { engine, now in engine.withChannels(at: now) { $0.abort(at: now) } }
    }

    /// Carries on with what a later exchange agreed on: new candidates, and an ICE restart when there is one.
    ///
    /// Without a restart ICE keeps its roles, whoever made the offer (RFC 8445 §6.1.1). DTLS is never begun anew: a
    /// peer that comes back with another certificate fails the connection, with a diagnosis that says so.
    func update(_ transport: NegotiatedTransport) {
        if transport.isICERestart { self.startICE(transport) } else { self.addCandidates(of: transport) }
        self.startDTLS(transport)
    }

    private func startDTLS(_ transport: NegotiatedTransport) {
        let fingerprints = transport.remoteFingerprints.compactMap { Fingerprint($0) }
        self.withEngine { engine, now in
            engine.startDTLS(
                role: transport.dtlsRole == .client ? .client : .server, fingerprints: fingerprints, at: now)
        }
    }

    /// Ends the transport because a description refused it.
    func stopTransport() {
        self.withEngine { engine, now in engine.close(at: now) }
    }

    /// Restarts ICE with the credentials that the negotiation made.
    func restartICE(_ credentials: TransportCredentials) {
        guard
            let credentials = ICECredentials(
                usernameFragment: credentials.usernameFragment, password: credentials.password)
        else { return }
        self.restartICE(credentials)
    }

    private func startICE(_ transport: NegotiatedTransport) {
        let remote = transport.remoteCredentials
        // The description was refused when these are malformed.
        guard
            let credentials = ICECredentials(usernameFragment: remote.usernameFragment, password: remote.password)
        else { return }
        self.withEngine { engine, now in
            engine.startICE(
                credentials, isLite: transport.isRemoteLite,
                role: transport.iceRole == .controlling ? .controlling : .controlled, at: now)
        }
        self.addCandidates(of: transport)
    }

    private func addCandidates(of transport: NegotiatedTransport) {
        for candidate in transport.remoteCandidates { self.addRemoteCandidate(candidate) }
        if transport.hasRemoteEndOfCandidates { self.endRemoteCandidates() }
    }
}

extension Fingerprint {
    /// `nil` for a hash function that nobody uses.
    init?(_ attribute: FingerprintAttribute) {
        guard let algorithm = HashFunction(rawValue: attribute.algorithm.lowercased()) else { return nil }
        self.init(algorithm: algorithm, bytes: attribute.bytes)
    }
}

extension FingerprintAttribute {
    init(_ fingerprint: Fingerprint) {
        self.init(algorithm: fingerprint.algorithm.rawValue, bytes: fingerprint.bytes)
    }
}

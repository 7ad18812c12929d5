// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCEngine
internal import RTCICE
internal import RTCSDP
internal import RTCTransport
internal import RTCWire

extension ConnectionCore {
    /// Gives a candidate of the peer to ICE, on the loop; a name is looked up first.
    ///
    /// What cannot be used is left out without a word, as browsers do: TCP, other components, names that do not resolve.
    func addRemoteCandidate(_ candidate: CandidateAttribute) {
        self.eventLoop.preconditionInEventLoop()
        guard candidate.isUDP, candidate.component == 1 else { return }
        if let address = IPAddress(candidate.address) { return self.addRemoteCandidate(candidate, at: address) }
        self.resolver.resolve(candidate.address).whenSuccess { [weak self] addresses in
            guard let self, !self.isClosed else { return }
            for address in addresses { self.addRemoteCandidate(candidate, at: address) }
            if self.hasRemoteEnded { self.endRemoteCandidates() }
        }
    }

    /// Tells ICE that the peer has no more candidates, on the loop; waits for names that are still being looked up.
    func endRemoteCandidates() {
        self.hasRemoteEnded = true
        guard self.resolver.pendingCount == 0 else { return }
        self.hasRemoteEnded = false
        self.withEngine { engine, now in engine.withICE(at: now) { $0.setRemoteEndOfCandidates(at: now) } }
    }

    private func addRemoteCandidate(_ attribute: CandidateAttribute, at address: IPAddress) {
        let candidate = ICECandidate(attribute, address: TransportAddress(ip: address, port: attribute.port))
        self.withEngine { engine, now in
            engine.withICE(at: now) { _ = $0.addRemoteCandidate(candidate, at: now) }
        }
    }
}

extension ICECandidate {
    init(_ attribute: CandidateAttribute, address: TransportAddress) {
        let kind: Kind =
            switch attribute.kind {
            case .serverReflexive: .serverReflexive
            case .peerReflexive: .peerReflexive
            case .relayed: .relayed
            default: .host
            }
        self.init(
            kind: kind, address: address, priority: attribute.priority, foundation: attribute.foundation,
            component: attribute.component, usernameFragment: attribute.usernameFragment)
    }
}

extension CandidateAttribute {
    init(_ candidate: ICECandidate) {
        let kind: Kind =
            switch candidate.kind {
            case .host: .host
            case .serverReflexive: .serverReflexive
            case .peerReflexive: .peerReflexive
            case .relayed: .relayed
            }
        self.init(
            foundation: candidate.foundation, component: candidate.component, priority: candidate.priority,
            address: candidate.address.ip.description, port: candidate.address.port, kind: kind)
        self.relatedAddress = candidate.relatedAddress?.ip.description
        self.relatedPort = candidate.relatedAddress?.port
        self.usernameFragment = candidate.usernameFragment
    }
}

extension RTCIceCandidate {
    init(_ candidate: ICECandidate, mid: String? = nil, lineIndex: UInt16? = nil, usernameFragment: String? = nil) {
        self.init(
            candidate: CandidateAttribute(candidate).description, sdpMid: mid, sdpMLineIndex: lineIndex,
            usernameFragment: usernameFragment ?? candidate.usernameFragment)
    }
}

extension RTCIceCandidatePair {
    init(_ pair: ICEPair) { self.init(local: RTCIceCandidate(pair.local), remote: RTCIceCandidate(pair.remote)) }
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCEngine
internal import RTCICE
internal import RTCNegotiation
internal import RTCSDP

extension RTCPeerConnection: ConnectionObserver {
    nonisolated func connectionDidReport(_ event: PeerEvent) {
        self.assumeIsolated { $0.take(event) }
    }

    nonisolated func connectionDidGather() {
        self.assumeIsolated { connection in
            let fragment = connection.core.engine.localCredentials.usernameFragment
            if let last = connection.negotiation.finishLocalCandidates(usernameFragment: fragment) {
                connection.states.candidates.yield(RTCIceCandidate(last))
            }
            connection.states.candidates.finish()
        }
    }

    private func take(_ event: PeerEvent) {
        switch event {
        case .ice(.localCandidate(let candidate)):
            let fragment = self.core.engine.localCredentials.usernameFragment
            let trickled = self.negotiation.addLocalCandidate(
                CandidateAttribute(candidate), usernameFragment: fragment)
            if let trickled { self.states.candidates.yield(RTCIceCandidate(trickled)) }
        case .dtls(.closed):
            self.negotiation.close()
            self.states.finish()
        case .ice, .dtls, .sctp, .channel, .media, .mediaSecurity:
            break
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCCrypto
internal import RTCDTLS
package import RTCDataChannel
package import RTCEngine
package import RTCICE
package import RTCMedia
package import RTCWire

/// One end of a simulated connection: an engine, its addresses, and everything that it has reported.
package final class SimulatedPeer {
    package let name: String
    package let engine: PeerEngine
    package let addresses: [TransportAddress]
    package let certificate: Certificate

    /// Candidates that signaling has yet to carry.
    package private(set) var candidates: [ICECandidate] = []
    package private(set) var iceStates: [ICEState] = []
    package private(set) var dtlsStates: [DTLSTransportState] = []
    package private(set) var sctpStates: [SCTPTransportState] = []
    /// The channels that the peer opened.
    package private(set) var incoming: [DataChannelID] = []
    /// What the peer said of them.
    package private(set) var parameters: [DataChannelID: DataChannelParameters] = [:]
    package private(set) var open: Set<DataChannelID> = []
    package private(set) var closed: [DataChannelID: DataChannelError?] = [:]
    /// How often each channel was said to be closed.
    package private(set) var closings: [DataChannelID: Int] = [:]
    package private(set) var messages: [DataChannelID: [DataChannelMessage]] = [:]
    package private(set) var receivedBytes = 0
    /// What the media streams reported, and how they are protected.
    package private(set) var mediaEvents: [RTPSessionEvent] = []
    package private(set) var mediaSecurities: [MediaSecurity] = []

    package init(
        name: String, addresses: [TransportAddress], certificate: Certificate, configuration: PeerConfiguration,
        random: RandomSource
    ) throws {
        self.name = name
        self.addresses = addresses
        self.certificate = certificate
        let context = try DTLSContext(certificate: certificate, configuration: configuration.dtls)
        self.engine = PeerEngine(context: context, configuration: configuration, random: random)
    }

    /// Makes candidates of the addresses.
    package func gather(at now: Instant) {
        self.engine.withICE(at: now) { ice in
            for (rank, address) in self.addresses.enumerated() {
                ice.addLocalCandidate(host: address, localPreference: UInt16(65_535 - rank), at: now)
            }
            ice.finishGathering(at: now)
        }
    }

    /// Forgets candidates of an ICE generation that is over.
    package func forgetCandidates() { self.candidates = [] }

    /// Takes what the engine reports.
    package func takeEvents() {
        while let event = self.engine.pollEvent() {
            switch event {
            case .ice(.localCandidate(let candidate)): self.candidates.append(candidate)
            case .ice(.stateChanged(let state)): self.iceStates.append(state)
            case .ice: break
            case .dtls(let state): self.dtlsStates.append(state)
            case .sctp(let state): self.sctpStates.append(state)
            case .channel(let event): self.take(event)
            case .mediaSecurity(let security): self.mediaSecurities.append(security)
            case .media(let event): self.mediaEvents.append(event)
            }
        }
    }

    /// The messages that have come since the last call.
    package func takeMessages(on channel: DataChannelID) -> [DataChannelMessage] {
        self.messages.removeValue(forKey: channel) ?? []
    }

    /// What the media streams have reported since the last call.
    package func takeMediaEvents() -> [RTPSessionEvent] {
        defer { self.mediaEvents.removeAll(keepingCapacity: true) }
        return self.mediaEvents
    }

    private func take(_ event: DataChannelEvent) {
        switch event {
        case .incoming(let id, let parameters, _):
            self.incoming.append(id)
            self.parameters[id] = parameters
            self.open.insert(id)
        case .opened(let id): self.open.insert(id)
        case .message(let id, let message):
            self.receivedBytes += message.byteCount
            self.messages[id, default: []].append(message)
        case .closed(let id, let error):
            self.open.remove(id)
            self.closed[id] = .some(error)
            self.closings[id, default: 0] += 1
        default: break
        }
    }
}

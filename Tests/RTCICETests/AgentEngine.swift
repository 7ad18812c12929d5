// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCWire

/// An agent as the emulated network drives it, with what it reported.
final class AgentEngine: DatagramEngine {
    var agent: ICEAgent
    let name: String
    private(set) var events: [(at: Instant, event: ICEEvent)] = []
    /// Datagrams other than STUN that arrived on a validated path.
    private(set) var data: [(at: Instant, bytes: [UInt8])] = []
    /// What a NAT does with one of the agent's addresses.
    var translation: (inside: TransportAddress, outside: TransportAddress)?
    private var outgoing: [(bytes: [UInt8], path: Transmit)] = []

    init(_ name: String, configuration: ICEConfiguration = ICEConfiguration(), role: ICERole, seed: UInt64) {
        self.name = name
        self.agent = ICEAgent(configuration: configuration, role: role, random: .seeded(seed))
    }

    func receive(_ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant) {
        let local = self.translation.map { local == $0.outside ? $0.inside : local } ?? local
        if self.agent.receive(datagram, from: remote, on: local, at: now) { return }
        guard let first = datagram.byte(at: 0), (128...191).contains(first) else { return }
        self.agent.receivedTraffic(from: remote, on: local, at: now)
        if self.agent.isValidated(local: local, remote: remote) { self.data.append((now, datagram.array)) }
    }

    func handleTimeout(at now: Instant) { self.agent.handleTimeout(at: now) }

    var nextTimeout: Instant? { self.agent.nextTimeout?.at }

    func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        guard var transmit = self.nextTransmit(into: &writer, at: now) else { return nil }
        if let translation, transmit.local == translation.inside { transmit.local = translation.outside }
        return transmit
    }

    private func nextTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        if let transmit = self.agent.pollTransmit(into: &writer, at: now) { return transmit }
        guard !self.outgoing.isEmpty else { return nil }
        let (bytes, path) = self.outgoing.removeFirst()
        writer.write(bytes)
        return path
    }

    /// Sends application data over the selected path; `false` when there is none.
    @discardableResult
    func send(_ number: UInt8) -> Bool {
        guard let path = self.agent.selectedPath else { return false }
        self.outgoing.append(([128, number], path))
        return true
    }

    /// Takes the events since the last call.
    func takeEvents(at now: Instant) -> [ICEEvent] {
        var taken: [ICEEvent] = []
        while let event = self.agent.pollEvent() {
            self.events.append((now, event))
            taken.append(event)
        }
        return taken
    }

    // An agent cannot be copied, so `#expect` cannot call it: these can be called on the engine.

    func add(_ candidate: ICECandidate, at now: Instant = .start) -> Bool {
        self.agent.addRemoteCandidate(candidate, at: now)
    }

    func add(host base: TransportAddress, at now: Instant = .start) -> Bool {
        self.agent.addLocalCandidate(host: base, localPreference: 1, at: now)
    }

    func isValidated(_ local: TransportAddress, _ remote: TransportAddress) -> Bool {
        self.agent.isValidated(local: local, remote: remote)
    }

    /// The states that the agent went through.
    var states: [ICEState] {
        self.events.compactMap { if case .stateChanged(let state) = $0.event { state } else { nil } }
    }

    /// When the agent first entered a state.
    func time(of state: ICEState, after start: Instant = .start) -> Instant? {
        self.events.first { $0.event == .stateChanged(state) && $0.at >= start }?.at
    }

    /// The pairs that data went over, in order.
    var selections: [ICEPair] {
        self.events.compactMap { if case .selectedPairChanged(let pair) = $0.event { pair } else { nil } }
    }
}

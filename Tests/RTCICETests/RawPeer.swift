// SPDX-License-Identifier: Apache-2.0

import RTCSTUN
import RTCWire

@testable import RTCICE

/// An agent with one host candidate, and a peer that is nothing but bytes written by the test.
final class RawPeer {
    let engine: AgentEngine
    let host = Duo.address("10.0.0.1", 1000)
    let peer = Duo.address("10.0.0.2", 2000)
    let remote: ICECredentials
    var now = Instant.start
    private var random = RandomSource.seeded(77)

    /// What the agent sent.
    struct Sent {
        var path: Transmit
        var type: STUNMessageType
        var id: STUNTransactionID
        var username: [UInt8]?
        var error: STUNErrorCode?
        var mapped: TransportAddress?
        var priority: UInt32?
        var isControlling: Bool
        var isControlled: Bool
        var nominates: Bool
        var hasIntegrity: Bool
        var hasFingerprint: Bool
        var unknown: [UInt8]?
        var isByPeerKey: Bool
        var isByOurKey: Bool
        var count: Int
    }

    init(
        role: ICERole = .controlled, knowsPeer: Bool = true, configuration: ICEConfiguration = ICEConfiguration()
    ) {
        self.engine = AgentEngine("agent", configuration: configuration, role: role, seed: 3)
        self.remote = ICECredentials(random: &self.random)
        self.engine.agent.addLocalCandidate(host: self.host, localPreference: 65535, at: self.now)
        if knowsPeer { self.engine.agent.setRemoteCredentials(self.remote, at: self.now) }
    }

    var username: [UInt8] {
        Array("\(self.engine.agent.localCredentials.usernameFragment):\(self.remote.usernameFragment)".utf8)
    }

    var localKey: [UInt8] { Array(self.engine.agent.localCredentials.password.utf8) }
    var remoteKey: [UInt8] { Array(self.remote.password.utf8) }

    /// A check of the peer.
    func check(
        username: [UInt8]? = nil, key: [UInt8]? = nil, isControlling: Bool = true, tieBreaker: UInt64 = 1,
        nominates: Bool = false, extra: (STUNBuilder, inout ByteWriter) -> Void = { _, _ in }
    ) -> [UInt8] {
        let id = STUNTransactionID(random: &self.random)
        let username = username ?? self.username
        return [UInt8].writing(capacity: 12_000) { writer in
            let builder = STUNBuilder(STUNMessageType(.request, .binding), id, into: &writer)
            builder.add(.username, username.span.bytes, to: &writer)
            builder.add(.priority, UInt32(1 << 24), to: &writer)
            builder.add(isControlling ? .iceControlling : .iceControlled, tieBreaker, to: &writer)
            if nominates { builder.add(.useCandidate, to: &writer) }
            extra(builder, &writer)
            builder.addIntegrity(key: key ?? self.localKey, to: &writer)
            builder.addFingerprint(to: &writer)
            builder.finish(&writer)
        } ?? []
    }

    /// An answer of the peer to a check of the agent.
    func answer(
        _ sent: Sent, type: STUNClass = .success, key: [UInt8]? = nil, mapped: TransportAddress? = nil,
        code: STUNErrorCode? = nil, hasIntegrity: Bool = true
    ) -> [UInt8] {
        [UInt8].writing(capacity: 600) { writer in
            let builder = STUNBuilder(STUNMessageType(type, .binding), sent.id, into: &writer)
            if type == .success { builder.add(.xorMappedAddress, xor: mapped ?? self.host, to: &writer) }
            if let code { builder.add(code, to: &writer) }
            if hasIntegrity { builder.addIntegrity(key: key ?? self.remoteKey, to: &writer) }
            builder.addFingerprint(to: &writer)
            builder.finish(&writer)
        } ?? []
    }

    @discardableResult
    func deliver(_ bytes: [UInt8], from remote: TransportAddress? = nil, on local: TransportAddress? = nil) -> Bool {
        self.engine.agent.receive(
            bytes.span.bytes, from: remote ?? self.peer, on: local ?? self.host, at: self.now)
    }

    /// Lets time pass up to `duration` from now, and takes all that the agent sends meanwhile.
    func sent(within duration: Duration = .zero) -> [Sent] {
        let end = self.now + duration
        var all = self.poll()
        while let next = self.engine.agent.nextTimeout?.at, next <= end {
            self.now = max(self.now, next)
            self.engine.agent.handleTimeout(at: self.now)
            all += self.poll()
        }
        self.now = end
        return all
    }

    /// Lets time pass without a look at what the agent sends.
    func pass(_ duration: Duration) {
        self.now += duration
        self.engine.agent.handleTimeout(at: self.now)
        while true {
            var isDone = false
            _ = [UInt8].writing(capacity: 600) {
                isDone = self.engine.agent.pollTransmit(into: &$0, at: self.now) == nil
            }
            if isDone { break }
        }
    }

    /// Checks among what is sent.
    func checks(within duration: Duration = .zero) -> [Sent] {
        self.sent(within: duration).filter { $0.type.messageClass == .request }
    }

    /// Answers the agent's checks to `peer` for a while.
    func answerChecks(for duration: Duration, from peer: TransportAddress? = nil, mapped: TransportAddress? = nil) {
        let end = self.now + duration
        while true {
            for check in self.checks() where check.path.remote == (peer ?? self.peer) {
                self.deliver(self.answer(check, mapped: mapped), from: peer)
            }
            guard let next = self.engine.agent.nextTimeout?.at, next <= end else { break }
            self.now = max(self.now, next)
            self.engine.agent.handleTimeout(at: self.now)
        }
        self.now = end
        _ = self.engine.takeEvents(at: self.now)
    }

    private func poll() -> [Sent] {
        var all: [Sent] = []
        while true {
            var path: Transmit?
            let bytes = [UInt8].writing(capacity: 600) {
                path = self.engine.agent.pollTransmit(into: &$0, at: self.now)
            }
            guard let path, let bytes, let sent = self.parse(bytes, path) else { return all }
            all.append(sent)
        }
    }

    private func parse(_ bytes: [UInt8], _ path: Transmit) -> Sent? {
        guard let message = try? STUNMessage(bytes.span.bytes) else { return nil }
        return Sent(
            path: path, type: message.type, id: message.transactionID, username: message.username?.array,
            error: message.errorCode, mapped: message.mappedAddress, priority: message.priority,
            isControlling: message.iceControlling != nil, isControlled: message.iceControlled != nil,
            nominates: message.has(.useCandidate), hasIntegrity: message.hasIntegrity,
            hasFingerprint: message.hasFingerprint, unknown: message.value(of: .unknownAttributes)?.array,
            isByPeerKey: message.isAuthentic(key: self.remoteKey), isByOurKey: message.isAuthentic(key: self.localKey),
            count: bytes.count)
    }
}

// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

/// Two ends out of ORTC objects, without any session description.
@Suite(.timeLimit(.minutes(1)))
struct ObjectTests {
    struct End {
        let gatherer = RTCIceGatherer(configuration: .loopback)
        let ice: RTCIceTransport
        let dtls: RTCDtlsTransport
        let sctp: RTCSctpTransport

        init() {
            self.ice = RTCIceTransport(gatherer: self.gatherer)
            self.dtls = RTCDtlsTransport(transport: self.ice)
            self.sctp = RTCSctpTransport(transport: self.dtls)
        }

        func start(with peer: End, role: RTCIceRole) async throws {
            for candidate in await peer.gatherer.localCandidates { try await self.ice.addRemoteCandidate(candidate) }
            try await self.ice.addRemoteCandidate(nil)
            try await self.ice.start(await peer.gatherer.localParameters, role: role)
            try await self.dtls.start(peer.dtls.localParameters)
            try await self.sctp.start(peer.sctp.localCapabilities)
        }
    }

    @Test func `Two ends connect by parameters alone`() async throws {
        let (left, right) = (End(), End())
        #expect(left.gatherer.state == .new)
        async let gathered: Void = left.gatherer.gather()
        await left.gatherer.gather()
        await gathered
        await right.gatherer.gather()
        #expect(left.gatherer.state == .complete)
        let channel = try await left.sctp.createDataChannel("direct")
        async let first: Void = left.start(with: right, role: .controlling)
        async let second: Void = right.start(with: left, role: .controlled)
        _ = try await (first, second)
        try await channel.send("no SDP")
        let far = try #require(await right.sctp.dataChannels.first { _ in true })
        #expect(try await far.messages.take(1) == [.text("no SDP")])
        #expect(left.sctp.state == .connected)
        #expect(left.dtls.state == .connected)
        #expect(await left.ice.role == .controlling)
        #expect(await right.ice.role == .controlled)
        #expect(await error { try await left.dtls.start(right.dtls.localParameters) }?.code == .invalidState)

        await left.sctp.stop()
        #expect(left.ice.state == .closed)
        for await state in right.dtls.states where state == .closed { break }
        for await state in right.ice.states where state == .closed { break }
        #expect(right.gatherer.state == .closed)
        #expect(await error { try await left.sctp.createDataChannel("late") }?.code == .invalidState)
        await right.gatherer.close()
        await right.gatherer.gather()
    }

    @Test func `Malformed parameters are refused`() async throws {
        let end = End()
        let short = RTCIceParameters(usernameFragment: "abc", password: "short")
        #expect(await error { try await end.ice.start(short, role: .controlled) }?.code == .type)
        let weak = RTCDtlsParameters(fingerprints: [.init(algorithm: "sha-1", value: "00")])
        #expect(await error { try await end.dtls.start(weak) }?.code == .type)
        let nonsense = await error { try await end.ice.addRemoteCandidate(RTCIceCandidate(candidate: "nonsense")) }
        #expect(nonsense?.code == .operation)
        #expect(nonsense?.message.contains("nonsense") == true)
        await end.gatherer.close()
    }
}

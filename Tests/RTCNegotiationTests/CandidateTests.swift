// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import Testing

@Suite("Remote candidates") struct RemoteCandidateTests {
    static let text = "candidate:1 1 udp 1 192.0.2.1 5 typ host"

    private func code(_ body: () throws -> Void) -> NegotiationError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? NegotiationError)?.code
        }
    }

    @Test func `181: candidates find their section, or the caller hears why not`() throws {
        var peer = Peer.make(1)
        #expect(self.code { _ = try peer.addRemoteCandidate(Self.text, mid: "0") } == .invalidState)
        _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
        #expect(self.code { _ = try peer.addRemoteCandidate(Self.text) } == .type)
        #expect(self.code { _ = try peer.addRemoteCandidate(Self.text, mid: "7") } == .operation)
        #expect(self.code { _ = try peer.addRemoteCandidate(Self.text, mediaIndex: 1) } == .operation)
        #expect(self.code { _ = try peer.addRemoteCandidate(Self.text, mediaIndex: -1) } == .operation)
        #expect(self.code { _ = try peer.addRemoteCandidate("nonsense", mid: "0") } == .operation)
        #expect(
            self.code { _ = try peer.addRemoteCandidate(Self.text, mid: "0", usernameFragment: "else") } == .operation)
        #expect(self.code { _ = try peer.addRemoteCandidate(Self.text + " ufrag else", mid: "0") } == .operation)
        #expect(try peer.addRemoteCandidate(Self.text, mid: "0") == .stored)
        #expect(try peer.addRemoteCandidate(Self.text, mediaIndex: 0) == .ignored(.duplicate))
        let change = try peer.setLocalDescription()
        #expect(change.transport.value?.remoteCandidates.map(\.port) == [5])
        let second = Self.text.replacing(" 5 ", with: " 6 ") + " ufrag remo"
        let candidate = try CandidateAttribute(parsing: second)
        #expect(try peer.addRemoteCandidate(second, mid: "0", mediaIndex: 99) == .add(candidate))
        #expect(
            try peer.addRemoteCandidate("a=" + Self.text.replacing("1 1", with: "1 2"), mid: "0")
                == .ignored(.otherComponent))
        #expect(peer.transport?.remoteCandidates.count == 2)
        #expect(peer.remoteDescription?.description.media[0].candidates.count == 3)
        #expect(try peer.addRemoteCandidate("", mid: "0") == .endOfCandidates)
        #expect(try peer.addRemoteCandidate(nil) == .ignored(.afterEndOfCandidates))
        #expect(
            try peer.addRemoteCandidate(Self.text.replacing(" 5 ", with: " 7 "), mid: "0")
                == .ignored(.afterEndOfCandidates))
        peer.close()
        #expect(self.code { _ = try peer.addRemoteCandidate(nil) } == .invalidState)
    }

    @Test func `S12: the number of candidates has a bound`() throws {
        var limits = NegotiationLimits()
        limits.candidatesInSection = 3
        var peer = Peer.make(1, limits: limits)
        _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
        for port in 1...3 { _ = try peer.addRemoteCandidate("1 1 udp 1 192.0.2.1 \(port) typ host", mid: "0") }
        #expect(self.code { _ = try peer.addRemoteCandidate("1 1 udp 1 192.0.2.1 4 typ host", mid: "0") } == .operation)
        #expect(peer.remoteDescription?.description.media[0].candidates.count == 3)
    }

    @Test func `a candidate of a refused section changes nothing`() throws {
        var peer = Peer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: try Peer.fixture(Peer.chromium))
        _ = try peer.setLocalDescription()
        #expect(try peer.addRemoteCandidate(Self.text, mid: "0") == .ignored(.sectionNotUsed))
        let candidate = try CandidateAttribute(parsing: Self.text)
        #expect(try peer.addRemoteCandidate(Self.text, mid: "2") == .add(candidate))
        #expect(try peer.addRemoteCandidate(nil) == .endOfCandidates)
    }

    @Test func `50: candidates go to the generation of their ufrag`() throws {
        var peer = Peer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
        _ = try peer.setLocalDescription()
        let restart = Peer.dataOffer.replacing("remo", with: "anew")
        _ = try peer.setRemoteDescription(.offer, sdp: restart)
        let candidate = try CandidateAttribute(parsing: Self.text)
        #expect(try peer.addRemoteCandidate(Self.text, mid: "0", usernameFragment: "remo") == .add(candidate))
        #expect(try peer.addRemoteCandidate(Self.text, mid: "0", usernameFragment: "anew") == .stored)
        #expect(try peer.addRemoteCandidate(nil, mid: "0", usernameFragment: "anew") == .stored)
        let change = try peer.setLocalDescription()
        let transport = try #require(change.transport.value)
        #expect(transport.isICERestart && transport.hasRemoteEndOfCandidates)
        #expect(transport.remoteCandidates == [candidate])
        #expect(change.gathering == .restart(transport.localCredentials))
        #expect(throws: NegotiationError.self) {
            try peer.addRemoteCandidate(Self.text, mid: "0", usernameFragment: "remo")
        }
    }

    @Test func `a candidate cannot bring a line of its own into the description`() throws {
        var peer = Peer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
        #expect(throws: NegotiationError.self) { try peer.addRemoteCandidate(Self.text + "\r\na=ice-lite", mid: "0") }
        #expect(peer.remoteDescription?.description.description.contains("ice-lite") == false)
    }
}

// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import Testing

@Suite("Signaling states") struct StateTests {
    /// A peer in each state, with one remote offer and one remote answer that would fit.
    static func peer(in state: SignalingState) throws -> PeerNegotiation {
        var peer = Peer.make(1, needsData: true)
        switch state {
        case .stable: break
        case .haveLocalOffer: _ = try peer.setLocalDescription(.offer)
        case .haveRemoteOffer: _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
        case .haveLocalPranswer:
            _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
            _ = try peer.setLocalDescription(.pranswer)
        case .haveRemotePranswer:
            _ = try peer.setLocalDescription(.offer)
            _ = try peer.setRemoteDescription(.pranswer, sdp: Self.remoteAnswer)
        case .closed: peer.close()
        }
        #expect(peer.signalingState == state)
        return peer
    }

    static let remoteAnswer = Peer.dataOffer.replacing("a=setup:actpass", with: "a=setup:active")

    enum Operation: String, CaseIterable {
        case createOffer, createAnswer, localOffer, localPranswer, localAnswer, localRollback, localImplied
        case remoteOffer, remotePranswer, remoteAnswer, remoteRollback, candidate

        func run(_ peer: inout PeerNegotiation) throws {
            switch self {
            case .createOffer: _ = try peer.createOffer()
            case .createAnswer: _ = try peer.createAnswer()
            case .localOffer: _ = try peer.setLocalDescription(.offer)
            case .localPranswer: _ = try peer.setLocalDescription(.pranswer)
            case .localAnswer: _ = try peer.setLocalDescription(.answer)
            case .localRollback: _ = try peer.setLocalDescription(.rollback)
            case .localImplied: _ = try peer.setLocalDescription()
            case .remoteOffer: _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
            case .remotePranswer: _ = try peer.setRemoteDescription(.pranswer, sdp: StateTests.remoteAnswer)
            case .remoteAnswer: _ = try peer.setRemoteDescription(.answer, sdp: StateTests.remoteAnswer)
            case .remoteRollback: _ = try peer.setRemoteDescription(.rollback, sdp: "")
            case .candidate: _ = try peer.addRemoteCandidate("1 1 udp 1 192.0.2.1 5 typ host", mid: "0")
            }
        }
    }

    /// The state after each operation that is allowed; every other one is an InvalidStateError.
    static let allowed: [SignalingState: [Operation: SignalingState]] = [
        .stable: [
            .createOffer: .stable, .localOffer: .haveLocalOffer, .localImplied: .haveLocalOffer,
            .remoteOffer: .haveRemoteOffer,
        ],
        .haveLocalOffer: [
            .createOffer: .haveLocalOffer, .localOffer: .haveLocalOffer, .localImplied: .haveLocalOffer,
            .localRollback: .stable, .remoteRollback: .stable, .remoteOffer: .haveRemoteOffer,
            .remotePranswer: .haveRemotePranswer, .remoteAnswer: .stable,
        ],
        .haveRemoteOffer: [
            .createAnswer: .haveRemoteOffer, .localPranswer: .haveLocalPranswer, .localAnswer: .stable,
            .localImplied: .stable, .localRollback: .stable, .remoteRollback: .stable,
            .remoteOffer: .haveRemoteOffer, .candidate: .haveRemoteOffer,
        ],
        .haveLocalPranswer: [
            .createAnswer: .haveLocalPranswer, .localPranswer: .haveLocalPranswer, .localAnswer: .stable,
            .localImplied: .stable, .candidate: .haveLocalPranswer,
        ],
        .haveRemotePranswer: [
            .remotePranswer: .haveRemotePranswer, .remoteAnswer: .stable, .candidate: .haveRemotePranswer,
        ],
        .closed: [:],
    ]

    @Test(arguments: SignalingState.allCases, Operation.allCases)
    func `J7, 174: each operation in each state`(state: SignalingState, operation: Operation) throws {
        var peer = try Self.peer(in: state)
        let before = peer.localDescription
        let beforeRemote = peer.remoteDescription
        if let after = Self.allowed[state]?[operation] {
            try operation.run(&peer)
            #expect(peer.signalingState == after)
        } else {
            let error = #expect(throws: NegotiationError.self) { try operation.run(&peer) }
            #expect(error?.code == .invalidState)
            #expect(error?.message.isEmpty == false)
            #expect(peer.signalingState == state)
            #expect(peer.localDescription == before && peer.remoteDescription == beforeRemote)
        }
    }

    @Test func `J7: answering twice and rolling back in stable are refused`() throws {
        var (one, two) = try Peer.connected()
        #expect(throws: NegotiationError.self) { try one.setRemoteDescription(.answer, sdp: Self.remoteAnswer) }
        #expect(throws: NegotiationError.self) { try two.setLocalDescription(.answer) }
        #expect(throws: NegotiationError.self) { try one.setLocalDescription(.rollback) }
        #expect(one.signalingState == .stable && two.signalingState == .stable)
    }

    @Test func `182: a changed local description is taken only if it means the same`() throws {
        var peer = Peer.make(1, needsData: true)
        #expect(throws: NegotiationError.self) { try peer.setLocalDescription(.offer, sdp: Peer.dataOffer) }
        let offer = try peer.createOffer()
        let broken: [(String, String)] = [
            ("a=ice-ufrag:aaaa", "a=ice-ufrag:bbbb"), ("a=ice-pwd:aaaa", "a=ice-pwd:bbbb"), ("a=mid:0", "a=mid:5"),
            ("sha-256 01", "sha-256 02"), ("setup:actpass", "setup:holdconn"), ("m=application 9", "m=application 0"),
            ("sctp-port:5000", "sctp-port:5001"), ("size:262144", "size:262145"), ("BUNDLE 0", "LS 0"),
            ("UDP/DTLS", "TCP/DTLS"), ("webrtc-datachannel", "x"), ("127.0.0.1", "10.0.0.1"),
        ]
        for (old, new) in broken {
            let error = #expect(throws: NegotiationError.self) {
                try peer.setLocalDescription(.offer, sdp: offer.replacing(old, with: new))
            }
            #expect(error?.code == .invalidModification, "\(old) became \(new)")
            #expect(peer.signalingState == .stable)
        }
        let syntax = #expect(throws: NegotiationError.self) {
            try peer.setLocalDescription(.offer, sdp: offer.replacing("v=0", with: "v=x"))
        }
        #expect(syntax?.code == .syntax && syntax?.line == 1)
        let harmless = offer.replacing("size:262144", with: "size:1000").replacing("s=-", with: "s=Mine")
            .replacing("a=mid:0\r\n", with: "a=mid:0\r\nb=AS:100\r\na=x-mine:1\r\n")
        _ = try peer.setLocalDescription(.offer, sdp: harmless)
        #expect(peer.localDescription?.description.media[0].bandwidths.count == 1)
        let change = try peer.setRemoteDescription(.answer, sdp: Self.remoteAnswer)
        #expect(change.association.value?.localMaxMessageSize == 1000)
    }

    @Test func `182: an answer may choose the passive role`() throws {
        var peer = Peer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: Peer.dataOffer)
        let answer = try peer.createAnswer()
        let change = try peer.setLocalDescription(.answer, sdp: answer.replacing("setup:active", with: "setup:passive"))
        #expect(change.transport.value?.dtlsRole == .server)
    }
}

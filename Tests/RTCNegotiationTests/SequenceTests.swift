// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Random sequences of operations") struct SequenceTests {
    /// Everything that can be seen of a negotiation.
    private struct Snapshot: Equatable {
        let state: SignalingState
        let descriptions: [TypedDescription?]
        let transport: NegotiatedTransport?
        let credentials: TransportCredentials
        let canTrickle: Bool?
        let isNeeded: Bool
        let media: [NegotiatedMedia]
        let association: NegotiatedAssociation?
        let transceivers: [Transceiver]

        init(_ peer: PeerNegotiation) {
            self.state = peer.signalingState
            self.descriptions = [
                peer.currentLocalDescription, peer.pendingLocalDescription, peer.currentRemoteDescription,
                peer.pendingRemoteDescription,
            ]
            self.transport = peer.transport
            self.credentials = peer.localCredentials
            self.canTrickle = peer.canTrickleICECandidates
            self.isNeeded = peer.negotiationNeeded
            self.media = peer.media
            self.association = peer.association
            self.transceivers = peer.transceivers
        }
    }

    @Test func `V45, 174: any order of operations keeps the rules, and an error changes nothing`() throws {
        var refused = 0
        var accepted = 0
        for seed in UInt64(0)..<100 {
            var random = RandomSource.seeded(seed)
            var peers = seed % 2 == 0 ? [MediaPeer.make(1), MediaPeer.make(2)] : [Peer.make(1), Peer.make(2)]
            peers[0].requireData()
            var texts: [String] = [Peer.dataOffer, try Peer.fixture(Peer.firefox)]
            for _ in 0..<40 {
                let index = Int.random(in: 0...1, using: &random)
                let before = Snapshot(peers[index])
                do {
                    try self.step(&peers[index], &texts, &random)
                    accepted += 1
                } catch {
                    refused += 1
                    #expect(error is NegotiationError, "seed \(seed)")
                    #expect(Snapshot(peers[index]) == before, "seed \(seed): \(error)")
                }
                self.checkRules(peers[index], seed)
            }
        }
        #expect(refused > 300 && accepted > 300)
    }

    private func step(
        _ peer: inout PeerNegotiation, _ texts: inout [String], _ random: inout RandomSource
    ) throws {
        let type = DescriptionType.allCases.randomElement(using: &random) ?? .offer
        let text = texts.randomElement(using: &random) ?? ""
        switch Int.random(in: 0...16, using: &random) {
        case 0: texts.append(try peer.createOffer(.init(iceRestart: Bool.random(using: &random))))
        case 1: texts.append(try peer.createAnswer())
        case 2: _ = try peer.setLocalDescription(type, sdp: text)
        case 3, 4, 5:
            _ = try peer.setLocalDescription()
            texts.append(peer.localDescription?.description.description ?? "")
        case 6, 7, 8: _ = try peer.setRemoteDescription(type, sdp: text)
        case 9: peer.requireData()
        case 10: peer.restartICE()
        case 11: _ = try peer.addTrack(Bool.random(using: &random) ? .audio : .video, trackID: "t\(random.next() % 4)")
        case 12 where peer.transceivers.count < 5: try peer.addTransceiver(.video, direction: .recvonly)
        case 13: if let id = peer.transceivers.randomElement(using: &random)?.id { peer.stop(id) }
        case 14: if let id = peer.transceivers.randomElement(using: &random)?.id { peer.removeTrack(id) }
        case 15:
            let direction = MediaDirection.allCases.randomElement(using: &random) ?? .sendrecv
            if let id = peer.transceivers.randomElement(using: &random)?.id { try peer.setDirection(id, direction) }
        default: _ = try peer.addRemoteCandidate("1 1 udp 1 192.0.2.1 5 typ host", mediaIndex: 0)
        }
    }

    private func checkRules(_ peer: PeerNegotiation, _ seed: UInt64) {
        let hasLocal = peer.pendingLocalDescription != nil
        let hasRemote = peer.pendingRemoteDescription != nil
        let expected: (Bool, Bool) =
            switch peer.signalingState {
            case .stable, .closed: (false, false)
            case .haveLocalOffer: (true, false)
            case .haveRemoteOffer: (false, true)
            case .haveLocalPranswer, .haveRemotePranswer: (true, true)
            }
        #expect(expected == (hasLocal, hasRemote), "seed \(seed), \(peer.signalingState)")
        #expect((peer.currentLocalDescription == nil) == (peer.currentRemoteDescription == nil), "seed \(seed)")
        #expect(
            peer.currentLocalDescription?.description.media.count
                == peer.currentRemoteDescription?.description.media.count, "seed \(seed)")
        if let text = peer.localDescription?.description {
            #expect((try? SessionDescription(parsing: text.description)) == text, "seed \(seed)")
        }
        #expect(peer.transport?.remoteFingerprints.isEmpty != true, "seed \(seed)")
        let mids = peer.media.map(\.mid) + (peer.association.map { [$0.mid] } ?? [])
        #expect(Set(peer.transport?.mids ?? []) == Set(mids), "seed \(seed)")
        let own = peer.transceivers.compactMap(\.mid)
        #expect(Set(own).count == own.count, "seed \(seed)")
        #expect(peer.transceivers.allSatisfy { ($0.mid == nil) == ($0.mediaIndex == nil) }, "seed \(seed)")
    }

    /// What goes over the signaling channel, in order.
    private struct Message {
        let type: DescriptionType
        let sdp: String
    }

    /// The pattern of W3C webrtc-pc §10.7, over a channel that delays each way by a random number of steps.
    @Test func `174: perfect negotiation always ends agreed, whoever offers when`() throws {
        var glares = 0
        for seed in UInt64(0)..<120 {
            var random = RandomSource.seeded(seed)
            var peers = seed % 2 == 0 ? [MediaPeer.make(1), MediaPeer.make(2)] : [Peer.make(1), Peer.make(2)]
            var channels: [[Message]] = [[], []]
            var isIgnoring = [false, false]
            func deliver(to index: Int) throws {
                guard !channels[index].isEmpty else { return }
                let message = channels[index].removeFirst()
                let isPolite = index == 0
                if message.type == .offer && peers[index].signalingState != .stable && !isPolite {
                    isIgnoring[index] = true
                    glares += 1
                    return
                }
                _ = try peers[index].setRemoteDescription(message.type, sdp: message.sdp)
                guard message.type == .offer else { return }
                _ = try peers[index].setLocalDescription()
                try send(from: index)
            }
            func send(from index: Int) throws {
                let typed = try #require(peers[index].localDescription)
                channels[1 - index].append(Message(type: typed.type, sdp: typed.description.description))
            }
            for step in 0..<80 {
                let index = Int.random(in: 0...1, using: &random)
                let kind: TransceiverKind = Bool.random(using: &random) ? .audio : .video
                switch Int.random(in: 0...8, using: &random) {
                case 0 where step < 40: peers[index].requireData()
                case 1 where step < 40: peers[index].restartICE()
                case 6 where step < 40 && seed % 2 == 0 && peers[index].transceivers.count < 4:
                    _ = try peers[index].addTrack(kind, trackID: "\(index) \(step)".replacing(" ", with: "-"))
                case 7 where step < 40:
                    if let id = peers[index].transceivers.randomElement(using: &random)?.id {
                        peers[index].removeTrack(id)
                    }
                case 8 where step < 40 && step % 5 == 0:
                    if let id = peers[index].transceivers.randomElement(using: &random)?.id { peers[index].stop(id) }
                case 2, 3:
                    guard peers[index].negotiationNeeded else { break }
                    _ = try peers[index].setLocalDescription()
                    try send(from: index)
                default: try deliver(to: index)
                }
            }
            for _ in 0..<40 {
                for index in 0...1 {
                    while !channels[index].isEmpty { try deliver(to: index) }
                    guard peers[index].negotiationNeeded else { continue }
                    _ = try peers[index].setLocalDescription()
                    try send(from: index)
                }
            }
            #expect(peers.allSatisfy { $0.signalingState == .stable && !$0.negotiationNeeded }, "seed \(seed)")
            #expect(MediaPeer.mirrored(peers[0], peers[1]) == [], "seed \(seed)")
            #expect(MediaPeer.mirrored(peers[1], peers[0]) == [], "seed \(seed)")
            guard let one = peers[0].transport, let two = peers[1].transport else {
                #expect(peers[0].transport == nil && peers[1].transport == nil, "seed \(seed)")
                continue
            }
            #expect(one.mid == two.mid, "seed \(seed)")
            #expect(one.localCredentials == two.remoteCredentials, "seed \(seed)")
            #expect(two.localCredentials == one.remoteCredentials, "seed \(seed)")
            #expect(one.dtlsRole != two.dtlsRole && one.iceRole != two.iceRole, "seed \(seed)")
        }
        #expect(glares > 50)
    }
}

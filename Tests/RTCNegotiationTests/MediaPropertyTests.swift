// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Random capabilities and random calls") struct MediaPropertyTests {
    private static let audio = [
        MediaPeer.opus, MediaPeer.g722, MediaPeer.pcmu, MediaPeer.pcma, MediaPeer.noise, MediaPeer.events48,
        MediaPeer.events8,
    ]
    private static let video = [
        MediaPeer.vp8, MediaPeer.vp9, MediaPeer.h264("42e01f"), MediaPeer.h264("42e01f", mode: 0),
        MediaPeer.h264("42001f"), MediaPeer.h264("640c1f"), MediaPeer.h264("4d001f"),
        CodecCapability(name: "AV1", clockRate: 90_000, fmtp: "profile=0", feedback: MediaPeer.video, hasRTX: true),
    ]

    private func codecs(_ all: [CodecCapability], _ random: inout RandomSource) -> [CodecCapability] {
        all.shuffled(using: &random).prefix(Int.random(in: 1...all.count, using: &random)).map { codec in
            var codec = codec
            let type = UInt8.random(in: 96...127, using: &random)
            codec.preferredPayloadType = Bool.random(using: &random) ? type : nil
            codec.hasRTX = codec.hasRTX && Bool.random(using: &random)
            codec.feedback.shuffle(using: &random)
            codec.feedback.removeLast(Int.random(in: 0...codec.feedback.count, using: &random))
            return codec
        }
    }

    private func extensions(_ random: inout RandomSource) -> [HeaderExtensionCapability] {
        let all = [MediaPeer.mid, MediaPeer.audioLevel, MediaPeer.absoluteSendTime, MediaPeer.transportSequence]
        return all.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random)).map { uri in
            HeaderExtensionCapability(
                uri: uri, preferredID: Bool.random(using: &random) ? UInt8.random(in: 1...14, using: &random) : nil,
                direction: MediaDirection.allCases.filter { $0 != .inactive }.randomElement(using: &random) ?? .sendrecv
            )
        }
    }

    private func capabilities(_ random: inout RandomSource) -> MediaCapabilities {
        MediaCapabilities(
            audio: KindCapabilities(
                codecs: self.codecs(Self.audio, &random), headerExtensions: self.extensions(&random)),
            video: KindCapabilities(
                codecs: self.codecs(Self.video, &random), headerExtensions: self.extensions(&random)))
    }

    /// What a user may do between exchanges.
    private func act(_ peer: inout PeerNegotiation, _ step: Int, _ random: inout RandomSource) throws {
        let kind = TransceiverKind.allCases.randomElement(using: &random) ?? .audio
        let direction = MediaDirection.allCases.randomElement(using: &random) ?? .sendrecv
        let streams = Array(["s", "t", "u"].prefix(Int.random(in: 0...3, using: &random)))
        let id = peer.transceivers.randomElement(using: &random)?.id
        switch Int.random(in: 0...9, using: &random) {
        case 0 where peer.transceivers.count < 6, 1 where peer.transceivers.count < 6:
            _ = try peer.addTrack(kind, trackID: "t\(step)", streams: streams)
        case 2 where peer.transceivers.count < 6:
            try peer.addTransceiver(kind, direction: direction, streams: streams)
        case 3: if let id { try? peer.setDirection(id, direction) }
        case 4: if let id { peer.stop(id) }
        case 5: if let id { peer.removeTrack(id) }
        case 6: if let id { try peer.setStreams(id, streams) }
        case 7: peer.requireData()
        case 8: peer.restartICE()
        default:
            guard let id, let kind = peer.transceiver(id)?.kind else { break }
            let known = kind == .audio ? Self.audio : Self.video
            try? peer.setCodecPreferences(id, known.shuffled(using: &random).suffix(3))
        }
    }

    /// Numbers that mean one thing in all live sections of a bundle.
    private func conflicts(_ description: SessionDescription) -> [String] {
        var types: [UInt8: String] = [:]
        var ids: [UInt16: String] = [:]
        var faults: [String] = []
        for section in description.media where section.line.isRTP && !section.isRejected {
            for map in section.rtpMaps {
                let parameters = section.formatParameters.first { $0.format == String(map.payloadType) }?.parameters
                let isRepeat = map.encoding == "rtx"
                let meaning = "\(map.encoding)/\(map.clockRate)/\(isRepeat ? parameters ?? "" : "")"
                if let old = types.updateValue(meaning, forKey: map.payloadType), old != meaning {
                    faults.append("\(map.payloadType) is \(old) and \(meaning)")
                }
            }
            for map in section.extensionMaps {
                if let old = ids.updateValue(map.uri, forKey: map.id), old != map.uri {
                    faults.append("extension \(map.id) is \(old) and \(map.uri)")
                }
            }
            if Set(section.line.formats).count != section.line.formats.count { faults.append("a format twice") }
        }
        return faults
    }

    @Test func `175, 176, 177: two ends with any capabilities agree in any series of exchanges`() throws {
        var sections = 0
        for seed in UInt64(0)..<120 {
            var random = RandomSource.seeded(seed)
            let policies = BundlePolicy.allCases
            var peers = [
                MediaPeer.make(
                    1, media: self.capabilities(&random), policy: policies.randomElement(using: &random) ?? .balanced,
                    seed: seed),
                MediaPeer.make(
                    2, media: self.capabilities(&random), policy: policies.randomElement(using: &random) ?? .balanced,
                    seed: seed + 1_000),
            ]
            for round in 0..<6 {
                for step in 0..<4 {
                    let index = Int.random(in: 0...1, using: &random)
                    try self.act(&peers[index], round * 10 + step, &random)
                }
                let offerer = Int.random(in: 0...1, using: &random)
                var one = peers[offerer]
                var two = peers[1 - offerer]
                let offer = try one.createOffer()
                #expect(try one.createOffer() == offer || one.negotiationNeeded, "seed \(seed) round \(round)")
                _ = try one.setLocalDescription(.offer, sdp: try one.createOffer())
                let text = try #require(one.localDescription?.description)
                #expect(self.conflicts(text) == [], "seed \(seed) round \(round)")
                _ = try two.setRemoteDescription(.offer, sdp: text.description)
                if Int.random(in: 0...5, using: &random) == 0 { try self.act(&two, round * 10 + 9, &random) }
                let answer = try two.createAnswer()
                _ = try two.setLocalDescription(.answer, sdp: answer)
                #expect(self.conflicts(try SessionDescription(parsing: answer)) == [], "seed \(seed) round \(round)")
                _ = try one.setRemoteDescription(.answer, sdp: answer)
                let faults = MediaPeer.mirrored(one, two) + MediaPeer.mirrored(two, one)
                #expect(faults == [], "seed \(seed) round \(round)")
                #expect(one.association?.mid == two.association?.mid, "seed \(seed) round \(round)")
                #expect((one.transport == nil) == (two.transport == nil), "seed \(seed) round \(round)")
                if let first = one.transport, let second = two.transport {
                    #expect(first.localCredentials == second.remoteCredentials, "seed \(seed) round \(round)")
                    #expect(first.dtlsRole != second.dtlsRole && first.iceRole != second.iceRole, "seed \(seed)")
                }
                sections += one.media.count
                peers[offerer] = one
                peers[1 - offerer] = two
            }
            for _ in 0..<4 {
                for index in 0...1 where peers[index].negotiationNeeded {
                    var one = peers[index]
                    var two = peers[1 - index]
                    try Peer.negotiate(&one, &two)
                    peers[index] = one
                    peers[1 - index] = two
                }
            }
            #expect(!peers[0].negotiationNeeded && !peers[1].negotiationNeeded, "seed \(seed) settles")
        }
        #expect(sections > 60)
    }
}

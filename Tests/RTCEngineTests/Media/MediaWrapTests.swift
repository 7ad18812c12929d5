// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCRTP
import RTCSRTP
import RTCSimulation
import RTCWire
import Testing

@testable import RTCMedia

/// Numbers that wrap while a call goes on (R4, P2).
@Suite struct MediaWrapTests {
    /// A sender made by hand, which counts from where it likes.
    private struct Stream {
        var ssrc: SSRC
        var sequence: Int64
        var timestamp: Int64
        var number = 0

        mutating func packet() -> (header: RTPHeader, payload: [UInt8]) {
            let header = RTPHeader(
                payloadType: PayloadType(truncating: 111), sequenceNumber: UInt16(truncatingIfNeeded: self.sequence),
                timestamp: UInt32(truncatingIfNeeded: self.timestamp), ssrc: self.ssrc)
            let payload = [0xF8] + (0..<4).map { UInt8(truncatingIfNeeded: self.number >> (24 - $0 * 8)) }
            self.sequence += 1
            self.timestamp += 960
            self.number += 1
            return (header, payload)
        }
    }

    /// A call in which only the handmade sender speaks, and the numbers of what the answerer played.
    private func listen() throws -> (call: VideoCall, stranger: KeyedPeer) {
        let call = try VideoCall.connected(isMutual: false)
        return (call, try KeyedPeer(call.pair.network, keysOf: call.pair.offerer, to: call.pair.answerer))
    }

    @Test(arguments: [65_530, 65_535, 0], [4_294_966_000, 4_294_967_295, 2_147_483_647])
    func `R4, P2: sound goes on over the first wrap of its numbers, its timestamps and with loss at the wrap`(
        sequence: Int64, timestamp: Int64
    ) throws {
        for lost in [[], [65_534, 65_535], [65_536, 65_537], [65_535, 65_536, 65_539]] as [[Int64]] {
            let (call, stranger) = try self.listen()
            var stream = Stream(ssrc: SSRC(9), sequence: sequence, timestamp: timestamp)
            for _ in 0..<60 {
                let isLost = lost.contains(stream.sequence)
                let (header, payload) = stream.packet()
                // The player looks the time of sending up by the number.
                _ = call.offerer.sounds.sound(size: 10, at: call.now)
                if !isLost { stranger.send(header, payload: payload) }
                call.pair.network.run(for: VideoCall.tick)
            }
            call.settle()
            let heard = call.answerer.player.played.map(\.number)
            let wanted = (0..<60).filter { !lost.contains(sequence + Int64($0)) }
            #expect(heard == wanted, "\(sequence), \(timestamp), \(lost)")
            #expect(call.answerer.player.played.allSatisfy { $0.delay <= .milliseconds(100) })
            let statistics = try #require(call.answerer.received.audio.last)
            // What was lost before the first that came cannot be missed.
            let missed = 60 - wanted.count - (wanted.first ?? 0)
            #expect(statistics.packetsLost == missed && statistics.packetsDiscarded == 0)
        }
    }

    @Test func `R4: a stream whose packets before the first wrap were all lost opens behind it`() throws {
        let (call, stranger) = try self.listen()
        var stream = Stream(ssrc: SSRC(9), sequence: 65_533, timestamp: 4_294_967_000)
        for number in 0..<50 {
            let (header, payload) = stream.packet()
            _ = call.offerer.sounds.sound(size: 10, at: call.now)
            // What is lost has to be sealed all the same: it counts.
            if number < 5 { stranger.lose(header, payload: payload) } else { stranger.send(header, payload: payload) }
            call.pair.network.run(for: VideoCall.tick)
        }
        call.settle()
        #expect(call.answerer.player.played.map(\.number) == Array(5..<50))
        #expect(call.answerer.peer.engine.counters.mediaRefused == 0)
    }

    @Test func `R4: packets that change places at a wrap, and 32,767 lost ones over a wrap, leave the rest to open`()
        throws
    {
        let (call, stranger) = try self.listen()
        var stream = Stream(ssrc: SSRC(9), sequence: 65_500, timestamp: 4_294_900_000)
        for _ in 0..<40 {
            let (first, second) = (stream.packet(), stream.packet())
            for _ in 0..<2 { _ = call.offerer.sounds.sound(size: 10, at: call.now) }
            stranger.send(second.header, payload: second.payload)
            stranger.send(first.header, payload: first.payload)
            call.pair.network.run(for: VideoCall.tick * 2)
        }
        for _ in 0..<32_767 {
            let (header, payload) = stream.packet()
            _ = call.offerer.sounds.sound(size: 10, at: call.now)
            stranger.lose(header, payload: payload)
        }
        let start = stream.number
        for _ in 0..<50 {
            let (header, payload) = stream.packet()
            _ = call.offerer.sounds.sound(size: 10, at: call.now)
            stranger.send(header, payload: payload)
            call.pair.network.run(for: VideoCall.tick)
        }
        call.settle()
        #expect(call.answerer.peer.engine.counters.mediaRefused == 0)
        let heard = call.answerer.player.played.map(\.number)
        #expect(heard.filter { $0 < 80 }.count >= 78, "the first packet behind may come too late for the one before it")
        // A jump so far is believed once it is confirmed.
        #expect(heard.filter { $0 >= start }.count >= 46)
    }

    @Test func `R4: reports count the wraps, and packets open over three of them with loss`() throws {
        let (call, stranger) = try self.listen()
        var stream = Stream(ssrc: SSRC(9), sequence: 65_000, timestamp: 4_290_000_000)
        var random = RandomSource.seeded(5)
        var lost = 0
        let before = try #require(call.answerer.peer.engine.srtpReceiveCounters).opened
        // 137,000 packets: as fast as ever, 40 a millisecond.
        let count = 2 * 65_536 + 6_000
        for index in 0..<count {
            let isNearWrap = (stream.sequence + 50) % 65_536 < 100
            let isLost = Int.random(in: 0..<100, using: &random) < (isNearWrap ? 40 : 2)
            let (header, payload) = stream.packet()
            if isLost {
                lost += 1
                stranger.lose(header, payload: payload)
            } else {
                stranger.send(header, payload: payload)
            }
            if index % 1_000 == 999 { call.pair.network.run(for: .milliseconds(25)) }
        }
        call.pair.network.run(for: .seconds(3))
        let opened = try #require(call.answerer.peer.engine.srtpReceiveCounters).opened - before
        #expect(opened >= UInt64(count - lost) && call.answerer.peer.engine.counters.mediaRefused == 0)
        let statistics = try #require(call.answerer.received.audio.last)
        #expect(statistics.packetsLost == lost && statistics.packetsReceived == count - lost)
        #expect(call.answerer.footprint.waitingAudio <= 100)
    }

    @Test(arguments: [UInt64(1), 2])
    func `P2: pictures go on over the wrap of a real sender's timestamps, with loss`(seed: UInt64) throws {
        let call = try VideoCall(seed: seed, isMutual: false)
        // Senders replace each other until one begins its timestamps shortly below 2^32; without keys nothing leaves.
        let engine = call.offerer.peer.engine
        var timestamp: UInt32 = 0
        for _ in 0..<100_000 where timestamp < UInt32.max - 90_000 * 6 {
            call.offerer.videoSSRC = SSRC(call.offerer.videoSSRC.rawValue + 2)
            call.addSenders(of: call.offerer)
            let probe = EncodedFrame(codec: MediaSource.vp8, data: [0x11, 0, 0, 0], pts: 0)
            timestamp = engine.withMedia(at: call.now) { media in
                media.send(probe, on: Caller.video, captured: call.now, at: call.now)
                return media.senders.first { $0.id == Caller.video }?.timestamp(at: call.now) ?? 0
            }
        }
        #expect(timestamp >= UInt32.max - 90_000 * 6)
        call.addReceivers(of: call.answerer, from: call.offerer)
        #expect(call.pair.connect())
        call.pair.network.setConditions(NetworkConditions(delay: .milliseconds(25), loss: 0.05))
        let start = call.now
        call.talk(for: .seconds(12))
        #expect(
            engine.readMedia { $0.senders.first { $0.id == Caller.video }?.timestamp(at: call.now) ?? .max } < timestamp
        )
        let longest = call.answerer.viewer.longestStall(from: start, to: call.now)
        #expect(longest <= .seconds(1) && call.answerer.viewer.undecodable == 0, "seed \(seed): \(longest)")
        #expect(call.answerer.viewer.shown.count >= 290, "seed \(seed): \(call.answerer.viewer.shown.count) of 300")
        #expect(call.answerer.received.video.map(\.packetsDiscarded).allSatisfy { $0 < 30 })
    }

    @Test(arguments: SRTPProtectionProfile.allCases)
    func `R7: the index of SRTCP grows by one with each packet of a source`(profile: SRTPProtectionProfile) throws {
        let call = try VideoCall(configuration: .quick([profile]))
        var indices: [UInt32: [UInt32]] = [:]
        call.pair.network.onTransmit = { datagram in
            let bytes = datagram.bytes
            guard datagram.local == PeerPair.address(1), bytes.count > 20, bytes[0] >> 6 == 2,
                RTPHeader.isRTCP(secondByte: bytes[1])
            else { return }
            // With AES-GCM the index comes after the tag, else before it.
            let end =
                switch profile {
                case .aes128GCM, .aes256GCM: bytes.count
                case .aes128CounterSHA1_80, .aes128CounterSHA1_32: bytes.count - 10
                }
            let word = bytes[(end - 4)..<end].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let ssrc = bytes[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            indices[ssrc, default: []].append(word)
        }
        #expect(call.pair.connect())
        call.talk(for: .seconds(5))
        #expect(indices.values.map(\.count).reduce(0, +) > 20)
        for words in indices.values {
            #expect(words == words.indices.map { 0x8000_0000 | UInt32($0) }, "encrypted, and one more each time")
        }
    }

    @Test(arguments: [UInt64(1), 2])
    func `A late joiner sees a picture and hears sound within a second`(seed: UInt64) throws {
        let call = try VideoCall(seed: seed, isMutual: false)
        call.answerer.peer.engine.withMedia(at: call.now) { media in
            media.removeReceiver(Caller.audioIn, at: call.now)
            media.removeReceiver(Caller.videoIn, at: call.now)
        }
        #expect(call.pair.connect())
        call.talk(for: .seconds(20))
        #expect(call.answerer.viewer.shown.isEmpty && call.answerer.player.played.isEmpty)
        let joined = call.now
        call.addReceivers(of: call.answerer, from: call.offerer)
        call.talk(for: .seconds(3))
        let wait = call.answerer.viewer.wait(from: joined)
        #expect(wait.map { $0 <= .seconds(1) } == true, "seed \(seed): \(String(describing: wait))")
        #expect(call.answerer.viewer.undecodable == 0 && call.offerer.keyFrameRequests.count <= 3)
        #expect(call.answerer.player.count(from: joined, to: joined + .seconds(1)) >= 40, "seed \(seed)")
        #expect(call.answerer.received.audio.first.map { $0.packetsLost <= 0 } == true, "what came before is not lost")
    }
}

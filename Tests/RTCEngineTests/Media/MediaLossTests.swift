// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCMedia
import RTCRTP
import RTCSRTP
import RTCSimulation
import RTCWire
import Testing

/// A video call over bad paths, with a data channel beside it (G8).
@Suite struct MediaLossTests {
    @Test(arguments: [0, 0.01, 0.05, 0.1, 0.2], [UInt64(1), 2])
    func `G8: with up to 10 % loss the picture never stands still for a second, at 20 % it goes on`(
        loss: Double, seed: UInt64
    ) throws {
        var conditions = NetworkConditions.roundTrip50
        conditions.loss = loss
        try self.expectFlow(conditions, seed: seed, stall: loss > 0.1 ? .seconds(2) : .seconds(1))
    }

    @Test(arguments: [UInt64(3), 4, 5])
    func `G8: loss in bursts, reordering, duplicates and jitter together do not stop the picture`(seed: UInt64) throws {
        var conditions = NetworkConditions.roundTrip50
        conditions.loss = 0.05
        conditions.lossBurst = 4
        conditions.jitter = .milliseconds(20)
        conditions.reordering = 0.05
        conditions.duplication = 0.1
        try self.expectFlow(conditions, seed: seed, stall: .seconds(1))
    }

    @Test(arguments: [UInt64(6), 7])
    func `With 200 ms of jitter, which reorders everything, all goes on`(seed: UInt64) throws {
        try self.expectFlow(
            NetworkConditions(delay: .milliseconds(25), jitter: .milliseconds(200)), seed: seed, stall: .seconds(1))
    }

    private func expectFlow(_ conditions: NetworkConditions, seed: UInt64, stall: Duration) throws {
        let call = try VideoCall(seed: seed)
        let channel = try call.pair.open(.init(label: "chat"), by: call.pair.offerer)
        #expect(call.pair.connect())
        #expect(call.pair.network.run(for: .seconds(1)) { call.pair.answerer.incoming.count == 1 })
        let chat = Conversation(
            pair: call.pair, offerers: channel, answerers: try #require(call.pair.answerer.incoming.first))
        call.talk(for: .milliseconds(400))
        let start = call.now
        call.pair.network.setConditions(conditions)
        var turn = 0
        try call.talk(for: .seconds(10)) {
            turn += 1
            if turn % 5 == 0 { try chat.exchange(byteCount: 1_000) }
        }
        for viewer in call.viewers {
            let other = viewer === call.offerer ? call.answerer : call.offerer
            let longest = viewer.viewer.longestStall(from: start, to: call.now)
            #expect(longest <= stall, "seed \(seed), \(conditions.loss): stood still for \(longest)")
            #expect(viewer.viewer.undecodable == 0 && viewer.player.outOfOrder == 0, "seed \(seed)")
            let (shown, sent) = (viewer.viewer.shown.count, other.pictures.count)
            #expect(Double(shown) >= Double(sent) * (conditions.loss > 0.1 ? 0.8 : 0.95), "\(shown) of \(sent)")
            let played = Double(viewer.player.played.count) / Double(other.sounds.count)
            #expect(
                played >= 0.95 - conditions.loss * 1.2 - (conditions.jitter > .zero ? 0.1 : 0),
                "seed \(seed): \(played)")
            #expect(viewer.peer.engine.counters.mediaRefused <= viewer.peer.engine.counters.datagramsReceived / 5)
        }
        call.pair.network.setConditions(.roundTrip50)
        #expect(call.pair.network.run(for: .seconds(10)) { chat.isComplete }, "seed \(seed): \(chat.arrived)")
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `G8: after every burst of loss the picture is back within a second`(seed: UInt64) throws {
        let call = try VideoCall.connected(seed: seed)
        var random = RandomSource.seeded(seed)
        call.talk(for: .seconds(1))
        for _ in 0..<8 {
            let burst = Duration.milliseconds(Int.random(in: 40...900, using: &random))
            call.pair.setDown(true)
            call.talk(for: burst)
            call.pair.setDown(false)
            let end = call.now
            call.talk(for: .milliseconds(Int.random(in: 1_200...2_000, using: &random)))
            for viewer in call.viewers {
                let wait = viewer.viewer.wait(from: end)
                #expect(
                    wait.map { $0 <= .seconds(1) } == true, "seed \(seed): \(burst), then \(String(describing: wait))")
                // It also goes on after that, at the end of what was sent.
                let late = call.now - (viewer.viewer.shown.last?.at ?? .start)
                #expect(late <= .milliseconds(200), "seed \(seed): the last picture is \(late) old")
            }
        }
        for viewer in call.viewers { #expect(viewer.viewer.undecodable == 0, "seed \(seed)") }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `N5: the delay of sound grows with jitter and is back within two seconds`(seed: UInt64) throws {
        let call = try VideoCall.connected(seed: seed)
        call.talk(for: .seconds(2))
        var mark = call.now
        call.talk(for: .seconds(1))
        let base = call.answerer.player.longestDelay(from: mark, to: call.now)
        #expect(base <= .milliseconds(100), "seed \(seed): \(base)")
        call.pair.network.setConditions(
            NetworkConditions(delay: .milliseconds(25), jitter: .milliseconds(200), loss: 0.02))
        call.talk(for: .seconds(4))
        mark = call.now
        call.talk(for: .seconds(1))
        let shaken = call.answerer.player.longestDelay(from: mark, to: call.now)
        #expect(shaken > .milliseconds(150), "seed \(seed): \(shaken)")
        call.pair.network.setConditions(.roundTrip50)
        let calm = call.now
        call.talk(for: .seconds(4))
        let after = call.answerer.player.longestDelay(from: calm + .seconds(2), to: call.now)
        #expect(after <= base + .milliseconds(20), "seed \(seed): \(base), then \(after)")
        let count = call.answerer.player.count(from: calm + .seconds(2), to: call.now)
        #expect(count >= 97, "seed \(seed): \(count) of 100 packets were heard")
    }
}

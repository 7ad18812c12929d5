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

/// A long call keeps no more than a short one (L10, R4).
@Suite struct MediaHourTests {
    /// What must not grow.
    private struct Size: Hashable {
        var sentPackets = 0
        var waitingPackets = 0
        var missingPackets = 0
        var waitingAudio = 0
        var sources = 0
        var streams = 0
        var waitingBursts = 0
        var waitingFeedback = 0
        var outstandingEvents = 0

        mutating func take(_ caller: Caller) {
            let footprint = caller.footprint
            self.sentPackets = max(self.sentPackets, footprint.sentPackets)
            self.waitingPackets = max(self.waitingPackets, footprint.waitingPackets)
            self.missingPackets = max(self.missingPackets, footprint.missingPackets)
            self.waitingAudio = max(self.waitingAudio, footprint.waitingAudio)
            self.sources = max(self.sources, footprint.sources)
            self.streams = max(self.streams, footprint.streams)
            self.waitingBursts = max(self.waitingBursts, footprint.waitingBursts)
            self.waitingFeedback = max(self.waitingFeedback, footprint.waitingFeedback)
            self.outstandingEvents += caller.peer.mediaEvents.count
        }
    }

    @Test func `L10, R4: an hour with 2 % loss is as cheap at its end as at its beginning`() throws {
        let call = try VideoCall.connected(seed: 3, isMutual: false)
        // 25 packets of sound and 6 pictures of one packet each second: 110,000 packets, so all numbers wrap.
        call.pace = .milliseconds(40)
        call.soundIsLong = true
        call.pictureTicks = 4
        call.pictureSize = 300
        call.soundSize = 13
        call.talk(for: .seconds(2))
        call.pair.network.setConditions(NetworkConditions(delay: .milliseconds(25), loss: 0.02))
        var sizes: [Size] = []
        var steps: [Int] = []
        var datagrams: [Int] = []
        for _ in 0..<12 {
            let before = (steps: call.steps, datagrams: call.pair.network.transmitted)
            var size = Size()
            for _ in 0..<30 {
                call.talk(for: .seconds(10))
                size.take(call.offerer)
                size.take(call.answerer)
            }
            sizes.append(size)
            steps.append(call.steps - before.steps)
            datagrams.append(call.pair.network.transmitted - before.datagrams)
        }
        for size in sizes {
            // A second of packets, and what comes until the next report cuts them.
            #expect(size.sentPackets <= 150 && size.waitingPackets <= 60 && size.missingPackets <= 10, "\(size)")
            #expect(size.waitingAudio <= 10 && size.sources <= 3 && size.streams <= 2, "\(size)")
            #expect(size.waitingBursts <= 1 && size.waitingFeedback == 0 && size.outstandingEvents == 0, "\(size)")
        }
        // Neither timers nor packets become more.
        for counts in [steps, datagrams] {
            let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
            #expect(Double(most) <= Double(least) * 1.05, "\(counts)")
        }
        let audio = try #require(call.offerer.sent.audio.remote)
        #expect(audio.extendedHighestSequence >> 16 >= 1, "the numbers of sound have wrapped")
        #expect(audio.extendedHighestSequence < UInt32(call.offerer.sounds.count + 32_768), "and began below 2^15")
        let share = Double(audio.packetsLost) / Double(call.offerer.sounds.count)
        #expect((0.015...0.025).contains(share), "\(share)")
        let answerer = call.answerer.peer.engine
        #expect(answerer.counters.mediaRefused == 0, "every packet that came opened")
        let counters = try #require(answerer.srtpReceiveCounters)
        #expect(counters.authenticationFailed == 0 && counters.replayed == 0)
        #expect(call.answerer.viewer.undecodable == 0 && call.answerer.player.outOfOrder == 0)
        #expect(Double(call.answerer.viewer.shown.count) >= Double(call.offerer.pictures.count) * 0.995)
        let longest = call.answerer.viewer.longestStall(from: .start + .seconds(2), to: call.now)
        #expect(longest <= .seconds(1), "\(longest)")
        let mark = call.now
        call.talk(for: .seconds(2))
        #expect(call.answerer.player.longestDelay(from: mark, to: call.now) <= .milliseconds(150))
    }

    @Test func `L10: two minutes at full rate, both ways, with loss, keep what ten seconds keep`() throws {
        let call = try VideoCall.connected(seed: 4)
        call.pair.network.setConditions(NetworkConditions(delay: .milliseconds(25), loss: 0.02, lossBurst: 3))
        var sizes: [Size] = []
        for _ in 0..<6 {
            var size = Size()
            for _ in 0..<20 {
                call.talk(for: .seconds(1))
                size.take(call.offerer)
                size.take(call.answerer)
            }
            sizes.append(size)
        }
        for size in sizes {
            #expect(size.sentPackets <= 400 && size.waitingPackets <= 80 && size.missingPackets <= 40, "\(size)")
            #expect(size.waitingAudio <= 12 && size.sources <= 3 && size.waitingBursts <= 1, "\(size)")
        }
        for viewer in call.viewers {
            let longest = viewer.viewer.longestStall(from: .start + .seconds(2), to: call.now)
            #expect(longest <= .seconds(1) && viewer.viewer.undecodable == 0, "\(longest)")
        }
    }
}

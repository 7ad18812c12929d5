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

/// The path of a call goes away, comes back, and changes (N8, N11).
@Suite struct MediaPathTests {
    @Test(arguments: [2, 10], [UInt64(1), 2, 3])
    func `N11: sound and pictures are back within a second of a blackout's end`(seconds: Int, seed: UInt64) throws {
        let call = try VideoCall.connected(seed: seed)
        call.talk(for: .milliseconds(1_000 + 100 * Int(seed)))
        call.pair.setDown(true)
        call.talk(for: .seconds(seconds))
        call.pair.setDown(false)
        self.expectReturn(call, "seed \(seed), \(seconds) s")
        // Sound and pictures were each muted, unless the pause was just as long as that takes.
        guard seconds > 2 else { return }
        for viewer in call.viewers {
            #expect(viewer.mutes == 2 && viewer.unmutes == 4, "seed \(seed): \(viewer.mutes), \(viewer.unmutes)")
        }
    }

    @Test(arguments: [254, 255, 256, 257, 512])
    func `P9: as many lost pictures as the number of base frames has values are not taken for none`(lost: Int) throws {
        let call = try VideoCall.connected(isMutual: false)
        call.talk(for: .seconds(1))
        call.pair.setDown(true)
        call.talk(for: VideoCall.tick * call.pictureTicks * lost)
        call.pair.setDown(false)
        self.expectReturn(call, "\(lost) pictures")
    }

    @Test(arguments: [0, 0.1], [UInt64(1), 2])
    func `ICE restarts in a call stop neither sound nor pictures`(loss: Double, seed: UInt64) throws {
        let call = try VideoCall.connected(
            seed: seed, conditions: NetworkConditions(delay: .milliseconds(25), loss: loss))
        call.talk(for: .milliseconds(500))
        let start = call.now
        for _ in 0..<3 {
            call.pair.restartICE()
            call.talk(for: .seconds(1))
        }
        for viewer in call.viewers {
            let longest = viewer.viewer.longestStall(from: start, to: call.now)
            #expect(longest <= .seconds(1), "seed \(seed): \(longest)")
            let played = viewer.player.count(from: start, to: call.now)
            #expect(Double(played) >= 150 * (0.92 - loss * 1.3), "seed \(seed): \(played) of 150")
            #expect(viewer.peer.dtlsStates == [.connecting, .connected])
        }
    }

    @Test(arguments: [false, true], [UInt64(1), 2])
    func `N8: when a NAT gives a peer a new address, the call follows`(isOfferer: Bool, seed: UInt64) throws {
        let call = try VideoCall.connected(seed: seed)
        call.talk(for: .seconds(1))
        call.pair.network.rebind(PeerPair.address(isOfferer ? 1 : 2), to: PeerPair.address(77))
        call.talk(for: .seconds(9))
        let other = isOfferer ? call.pair.answerer : call.pair.offerer
        #expect(other.engine.selectedPair?.remoteAddress == PeerPair.address(77), "seed \(seed)")
        self.expectReturn(call, "seed \(seed)")
    }

    @Test(arguments: [UInt64(1), 2])
    func `N12: after consent has ended, an ICE restart brings the call back within a second`(seed: UInt64) throws {
        let call = try VideoCall.connected(seed: seed)
        call.talk(for: .seconds(1))
        call.pair.setDown(true)
        var seconds = 0
        while seconds < 45, call.pair.offerer.iceStates.last != .failed || call.pair.answerer.iceStates.last != .failed
        {
            call.talk(for: .seconds(1))
            seconds += 1
        }
        #expect(call.pair.offerer.iceStates.last == .failed && call.pair.answerer.iceStates.last == .failed)
        call.pair.setDown(false)
        call.pair.restartICE()
        self.expectReturn(call, "seed \(seed)")
    }

    /// Expects both to see and hear all that is said from now on, after a second.
    private func expectReturn(_ call: VideoCall, _ comment: Comment) {
        let start = call.now
        call.talk(for: .seconds(4))
        for viewer in call.viewers {
            let wait = viewer.viewer.wait(from: start)
            #expect(wait.map { $0 <= .seconds(1) } == true, comment)
            let sound = viewer.player.played.first { $0.at >= start }.map { $0.at - start }
            #expect(sound.map { $0 <= .seconds(1) } == true, comment)
            let longest = viewer.viewer.longestStall(from: start + .seconds(1), to: call.now)
            #expect(longest <= .milliseconds(500), comment)
            #expect(viewer.player.count(from: start + .seconds(2), to: call.now) >= 97, comment)
            let delay = viewer.player.longestDelay(from: start + .seconds(2), to: call.now)
            #expect(delay <= .milliseconds(150), comment)
            #expect(viewer.viewer.undecodable == 0, comment)
        }
    }
}

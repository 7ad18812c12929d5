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

/// Media and a bulk transfer on one narrow path.
@Suite struct MediaDataTests {
    @Test(arguments: [UInt64(1)], [0, 0.02])
    func `Media and a transfer that fills the path do not starve each other`(seed: UInt64, loss: Double) throws {
        let call = try VideoCall(seed: seed)
        let channel = try call.pair.open(.init(label: "file"), by: call.pair.offerer)
        #expect(call.pair.connect())
        #expect(call.pair.network.run(for: .seconds(1)) { call.pair.answerer.incoming.count == 1 })
        let incoming = try #require(call.pair.answerer.incoming.first)
        call.talk(for: .seconds(1))
        // 5 Mbit/s with a queue of 100 ms; media takes about a tenth of it.
        call.pair.network.setConditions(
            NetworkConditions(delay: .milliseconds(20), loss: loss, bitrate: 5_000_000, queueBytes: 62_500))
        let (start, before) = (call.now, call.pair.answerer.receivedBytes)
        var message = 0
        try call.talk(for: .seconds(6)) {
            while call.offerer.peer.engine.bufferedAmount(of: channel) < 200_000 {
                try call.pair.send(.numbered(message, byteCount: 16_000), on: channel, from: call.pair.offerer)
                message += 1
            }
        }
        let bits = (call.pair.answerer.receivedBytes - before) * 8 / 6
        #expect(bits >= (loss > 0 ? 500_000 : 2_500_000), "seed \(seed): data got \(bits) bit/s")
        for viewer in call.viewers {
            let longest = viewer.viewer.longestStall(from: start, to: call.now)
            #expect(longest <= .seconds(1), "seed \(seed): stood still for \(longest)")
            let shown = viewer.viewer.shown.count { $0.at >= start }
            #expect(shown > 140, "seed \(seed): \(shown) of 150 pictures")
            let played = viewer.player.count(from: start, to: call.now)
            #expect(played >= 265, "seed \(seed): \(played) of 300 packets of sound")
            #expect(viewer.viewer.undecodable == 0)
        }
        let numbers = call.pair.answerer.takeMessages(on: incoming).map(\.number)
        #expect(numbers == Array(0..<numbers.count), "all in order")
    }
}

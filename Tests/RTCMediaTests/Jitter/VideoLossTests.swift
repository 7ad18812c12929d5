// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCMedia

@Suite struct VideoLossTests {
    @Test func `without loss each frame is there with its last packet`() {
        var link = VideoLink(network: .init(), seed: 1)
        let result = link.run(.seconds(20))
        #expect(result.decoder.faults.isEmpty)
        #expect(result.decoder.decoded.count == result.sent)
        #expect(result.totalDelay == .milliseconds(25) * result.sent)
        #expect(result.requests == 0)
        #expect(result.nacked == 0)
    }

    @Test(arguments: [0.01, 0.05, 0.1, 0.2])
    func `no stall over a second, whatever is lost`(loss: Double) {
        for seed: UInt64 in 0..<5 {
            for format in [RTPPayloadFormat.vp8, .h264] {
                var link = VideoLink(
                    format,
                    network: .init(loss: loss, jitter: .milliseconds(seed % 3 * 10), duplicates: 0.01), seed: seed)
                let result = link.run(.seconds(20))
                #expect(result.decoder.faults.isEmpty, "seed \(seed) \(format)")
                #expect(result.longestStall < .seconds(1), "seed \(seed) \(format) loss \(loss)")
                #expect(result.decoder.decoded.count >= result.sent * 85 / 100, "seed \(seed) \(format) loss \(loss)")
            }
        }
    }

    @Test func `bursts of up to 60 packets are recovered or skipped`() {
        for seed: UInt64 in 0..<8 {
            var link = VideoLink(network: .init(loss: 0.01, burst: (0.002, 60), jitter: .milliseconds(5)), seed: seed)
            let result = link.run(.seconds(30))
            #expect(result.decoder.faults.isEmpty, "seed \(seed)")
            #expect(result.longestStall < .seconds(1), "seed \(seed)")
            #expect(result.largestBacklog <= 400, "seed \(seed)")
        }
    }

    @Test func `P2 200 ms of jitter puts everything out of order, and frames still come in order`() {
        for seed: UInt64 in 0..<8 {
            var link = VideoLink(network: .init(loss: 0.02, jitter: .milliseconds(200)), seed: seed)
            let result = link.run(.seconds(20))
            #expect(result.decoder.faults.isEmpty, "seed \(seed)")
            #expect(result.longestStall < .seconds(1), "seed \(seed)")
        }
    }

    @Test func `with temporal layers frames go on when only upper layers are missing`() {
        var requests = 0
        var decoded = 0
        var sent = 0
        for seed: UInt64 in 0..<8 {
            var link = VideoLink(
                network: .init(loss: 0.1, delay: .milliseconds(150), jitter: .milliseconds(5)), seed: seed)
            let result = link.run(.seconds(20), hasLayers: true)
            #expect(result.decoder.faults.isEmpty, "seed \(seed)")
            #expect(result.longestStall < .seconds(2), "seed \(seed)")
            requests += result.requests
            decoded += result.decoder.decoded.count
            sent += result.sent
        }
        #expect(decoded > sent * 60 / 100)
    }

    @Test func `five minutes of video leave nothing behind`() {
        var link = VideoLink(network: .init(loss: 0.02, jitter: .milliseconds(10)), seed: 5)
        let result = link.run(.seconds(300))
        #expect(result.decoder.faults.isEmpty)
        #expect(result.longestStall < .seconds(1))
        #expect(result.largestBacklog < 150)
    }
}

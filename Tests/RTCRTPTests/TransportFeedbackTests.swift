// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@Suite struct TransportFeedbackTests {
    /// Feedback with these 16-bit chunks and these delta bytes.
    private static func packet(count: UInt16, chunks: [UInt16], deltas: [UInt8]) -> [UInt8] {
        var body: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2, 0, 100, UInt8(count >> 8), UInt8(count & 0xFF), 0, 0, 5, 7]
        for chunk in chunks { body += [UInt8(chunk >> 8), UInt8(chunk & 0xFF)] }
        body += deltas
        while body.count % 4 != 0 { body.append(0) }
        return [0x8F, 205, UInt8(body.count >> 10), UInt8(body.count / 4 & 0xFF)] + body
    }

    private static func read(_ bytes: [UInt8]) -> TransportFeedback? {
        guard case .transportFeedback(let packet) = Compound(bytes).packets.first else { return nil }
        return packet
    }

    @Test func `Both kinds of chunks and of deltas are read`() throws {
        // A run of two small, one-bit symbols 0 1 0…, two-bit symbols 2 0 1….
        let bytes = Self.packet(
            count: 19, chunks: [0x2002, 0x9000, 0xE400 & 0xFFFF], deltas: [4, 8, 12, 0xFF, 0xFE, 16])
        let feedback = try #require(Self.read(bytes))
        #expect(feedback.baseSequence == 100 && feedback.statusCount == 19)
        #expect(feedback.referenceTime == 5 && feedback.feedbackCount == 7)
        #expect(
            feedback.arrivals == [
                .init(sequence: 100, delta: 4), .init(sequence: 101, delta: 8), .init(sequence: 103, delta: 12),
                .init(sequence: 116, delta: -2), .init(sequence: 117, delta: 16),
            ])
    }

    @Test func `P4: 65535 packets in a run, reserved symbols and missing deltas are refused or cost nothing`() throws {
        let missing = try #require(
            Self.read(Self.packet(count: .max, chunks: Array(repeating: 0x1FFF, count: 9), deltas: [])))
        #expect(missing.arrivals.isEmpty && missing.statusCount == .max)
        #expect(Self.read(Self.packet(count: .max, chunks: Array(repeating: 0x3FFF, count: 9), deltas: [1])) == nil)
        #expect(Self.read(Self.packet(count: 7, chunks: [0x6007], deltas: Array(repeating: 0, count: 40))) == nil)
        #expect(Self.read(Self.packet(count: 0, chunks: [], deltas: [])) == nil)
        #expect(Self.read(Self.packet(count: .max, chunks: [0x2000], deltas: [])) == nil, "runs of nothing")
    }

    @Test func `What is written is read as the same, for every pattern of loss`() throws {
        for seed: UInt64 in 0..<200 {
            var random = RandomSource.seeded(seed)
            let count = Int.random(in: 1...400, using: &random)
            let loss = Double.random(in: 0...1, using: &random)
            let large = Double.random(in: 0...0.5, using: &random)
            let base = UInt16(truncatingIfNeeded: random.next())
            var arrivals: [TransportFeedback.Arrival] = []
            for index in 0..<count where Double.random(in: 0..<1, using: &random) >= loss {
                let isLarge = Double.random(in: 0..<1, using: &random) < large
                let delta: Int16 =
                    isLarge ? .random(in: .min ... .max, using: &random) : .random(in: 0...255, using: &random)
                arrivals.append(.init(sequence: base &+ UInt16(index), delta: delta))
            }
            let feedback = TransportFeedback(
                sender: SSRC(1), media: SSRC(2), baseSequence: base, statusCount: UInt16(count),
                referenceTime: .random(in: -0x80_0000...0x7F_FFFF, using: &random), feedbackCount: 1,
                arrivals: arrivals)
            let bytes = compound([.transportFeedback(feedback)])
            #expect(Self.read(bytes) == feedback, "seed \(seed)")
            #expect(bytes.count <= 20 + 2 * (count / 7 + 1) + 2 * arrivals.count + 4, "seed \(seed)")
        }
    }
}

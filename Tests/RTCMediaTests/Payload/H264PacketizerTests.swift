// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCWire
import Testing

@Suite struct H264PacketizerTests {
    private func packetizer(_ mode: H264PacketizationMode = .nonInterleaved) -> Packetizer {
        var random = RandomSource.seeded(1)
        return Packetizer(format: .h264, h264Mode: mode, random: &random)
    }

    private func frame(_ units: [[UInt8]]) -> EncodedFrame { Payloads.frame(Payloads.annexB(units), Payloads.h264) }

    private static let sps = H264Streams.sps640x480
    private static let pps: [UInt8] = [0x68, 0xCE, 0x3C, 0x80]

    @Test(arguments: 0..<100)
    func `Random access units come back through random packet sizes`(seed: UInt64) throws {
        var random = RandomSource.seeded(seed)
        var packetizer = self.packetizer()
        for _ in 0..<4 {
            let units = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Payloads.unit(
                    type: [1, 1, 1, 6, 2][Int.random(in: 0..<5, using: &random)],
                    importance: .random(in: 0...3, using: &random),
                    count: Bool.random(using: &random)
                        ? .random(in: 2...60, using: &random) : .random(in: 2...4_000, using: &random),
                    random: &random)
            }
            let data = Payloads.annexB(units, shortCodes: .random(using: &random))
            let maxPayload = Int.random(in: Packetizer.minimumPayload...1_400, using: &random)
            let payloads = Payloads.make(
                Payloads.frame(data, Payloads.h264, isKeyFrame: false), with: &packetizer, maxPayload: maxPayload)
            let joined = try Payloads.join(payloads, .h264)
            #expect(joined.frame == Payloads.annexB(units))
            #expect(joined.discarded == 0)
            #expect(!joined.summary.isKeyFrame)
        }
        #expect(packetizer.dropped == 0)
    }

    @Test func `Item 166: parameter sets go before each IDR picture that comes without them`() throws {
        var random = RandomSource.seeded(5)
        let idr = Payloads.unit(type: 5, count: 3_000, random: &random)
        var packetizer = self.packetizer()
        _ = Payloads.make(self.frame([idr]), with: &packetizer)
        let first = Payloads.make(self.frame([Self.sps, Self.pps, idr]), with: &packetizer)
        let later = Payloads.make(self.frame([idr]), with: &packetizer)
        #expect(first == later)
        let joined = try Payloads.join(later, .h264)
        #expect(joined.frame == Payloads.annexB([Self.sps, Self.pps, idr]))
        #expect(joined.summary == FrameSummary(isKeyFrame: true, size: PictureSize(width: 640, height: 480)))
        let slice = Payloads.unit(type: 1, count: 300, random: &random)
        #expect(Payloads.make(self.frame([slice]), with: &packetizer) == [slice], "none before other pictures")
        let info = try Payloads.inspect(later[0], .h264)
        #expect(info.isKeyFrame && info.mayStartFrame && info.size == PictureSize(width: 640, height: 480))
    }

    @Test func `The newest parameter sets are kept, and one kind alone is added where it belongs`() throws {
        var random = RandomSource.seeded(6)
        let idr = Payloads.unit(type: 5, count: 30, random: &random)
        let sei = Payloads.unit(type: 6, count: 10, random: &random)
        let newer: [UInt8] = [0x68, 0xCE, 0x3C, 0x81]
        var packetizer = self.packetizer()
        _ = Payloads.make(self.frame([Self.sps, Self.pps, idr]), with: &packetizer)
        _ = Payloads.make(self.frame([newer, idr]), with: &packetizer)
        let joined = try Payloads.join(Payloads.make(self.frame([Self.sps, sei, idr, idr]), with: &packetizer), .h264)
        #expect(joined.frame == Payloads.annexB([Self.sps, sei, newer, idr, idr]))
    }

    @Test func `Delimiters are not sent`() throws {
        var random = RandomSource.seeded(7)
        let slice = Payloads.unit(type: 1, count: 40, random: &random)
        var packetizer = self.packetizer()
        let payloads = Payloads.make(self.frame([[0x09, 0xF0], slice, [0x09, 0x10], slice]), with: &packetizer)
        #expect(payloads == [slice, slice])
        #expect(packetizer.dropped == 0)
    }

    @Test func `Item 168: small units share a packet, whose NRI is the largest and whose F is any`() throws {
        var packetizer = self.packetizer()
        let payload = try #require(
            Payloads.make(self.frame([[0x26, 1, 2], [0x41, 3], [0x01, 4, 5]]), with: &packetizer).first)
        #expect(payload == [0x58, 0, 3, 0x26, 1, 2, 0, 2, 0x41, 3, 0, 3, 0x01, 4, 5])
        let damaged = Payloads.make(self.frame([[0x06, 1], [0x81, 3]]), with: &packetizer)
        #expect(damaged.first?.first == 0x98)
    }

    @Test func `Item 168: fragments carry the unit's header, start and end are exclusive`() throws {
        var random = RandomSource.seeded(8)
        var packetizer = self.packetizer()
        for count in [1_201, 1_202, 2_397, 2_398, 5_000] {
            let unit = Payloads.unit(type: 1, importance: 2, count: count, random: &random)
            let payloads = Payloads.make(self.frame([unit]), with: &packetizer)
            #expect(payloads.count >= 2)
            #expect(payloads.allSatisfy { $0[0] == 0x5C && $0[1] & 0x3F == 1 })
            #expect(payloads.map { $0[1] >> 6 } == [2] + payloads.dropFirst(2).map { _ in 0 } + [1])
            #expect(payloads.flatMap { $0.dropFirst(2) } == Array(unit.dropFirst()))
            #expect(Set(payloads.dropLast().map(\.count)).count == 1)
            let infos = try payloads.map { try Payloads.inspect($0, .h264) }
            #expect(infos.map(\.mayStartFrame) == payloads.indices.map { $0 == 0 })
        }
    }

    @Test func `Mode 0 sends one unit a packet, and what is too large not at all`() throws {
        var random = RandomSource.seeded(9)
        let small = (0..<3).map { _ in Payloads.unit(type: 1, count: 100, random: &random) }
        let large = Payloads.unit(type: 1, count: 1_201, random: &random)
        var packetizer = self.packetizer(.singleUnit)
        #expect(Payloads.make(self.frame(small + [large]), with: &packetizer) == small)
        #expect(packetizer.dropped == 1)
    }

    @Test func `What is not of the codec is not sent`() {
        var packetizer = self.packetizer()
        #expect(Payloads.make(self.frame([[0x78, 1], [0x00, 1], [0x41, 2]]), with: &packetizer) == [[0x41, 2]])
        #expect(packetizer.dropped == 2)
        for data: [UInt8] in [[], [0], [0, 0], [0, 0, 1], [0, 0, 0, 1], [1, 2, 3, 4], [0, 0, 1, 0, 0, 1, 0, 0]] {
            #expect(Payloads.make(Payloads.frame(data, Payloads.h264), with: &packetizer).isEmpty)
        }
    }

    @Test func `Zero bytes after a unit are not sent, and start codes may be mixed`() {
        var packetizer = self.packetizer()
        let data: [UInt8] = [0, 0, 0, 0, 1, 0x41, 7, 0, 0, 0, 0, 0, 1, 0x41, 8, 0, 0, 1, 0x41, 9, 0]
        #expect(
            Payloads.make(Payloads.frame(data, Payloads.h264), with: &packetizer)
                == [[0x58, 0, 2, 0x41, 7, 0, 2, 0x41, 8, 0, 2, 0x41, 9]])
    }

    @Test func `The mode is read from format parameters`() {
        #expect(H264PacketizationMode(formatParameters: nil) == .singleUnit)
        #expect(H264PacketizationMode(formatParameters: "profile-level-id=42e01f") == .singleUnit)
        let chrome = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
        #expect(H264PacketizationMode(formatParameters: chrome) == .nonInterleaved)
        #expect(H264PacketizationMode(formatParameters: "a=1; Packetization-Mode=0") == .singleUnit)
        #expect(H264PacketizationMode(formatParameters: "packetization-mode=2") == nil)
    }
}

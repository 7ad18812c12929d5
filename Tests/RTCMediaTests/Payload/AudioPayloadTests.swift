// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCWire
import Testing

@Suite struct AudioPayloadTests {
    private func events(_ bytes: [UInt8]) -> [TelephoneEvent] {
        var reader = ByteReader(bytes.span.bytes)
        var events: [TelephoneEvent] = []
        while let event = TelephoneEvent(from: &reader) { events.append(event) }
        return events
    }

    private func noise(_ bytes: [UInt8]) -> ComfortNoise? { ComfortNoise(bytes.span.bytes) }

    @Test func `Item 165: a telephone event is four bytes, written and read`() {
        let event = TelephoneEvent(event: 11, isEnd: true, volume: 10, duration: 1_600)
        let bytes = [UInt8].writing(capacity: 4) { event.write(into: &$0) }
        #expect(bytes == [11, 0x8A, 0x06, 0x40])
        #expect(self.events(bytes ?? []) == [event])
        #expect(self.events([1, 0x7F, 0, 1]) == [TelephoneEvent(event: 1, volume: 63, duration: 1)], "R is ignored")
        #expect(self.events((bytes ?? []) + [1, 2, 3, 4, 5]).count == 2)
        for count in 0..<4 { #expect(self.events([UInt8](repeating: 1, count: count)).isEmpty) }
    }

    @Test func `Keys have events, and events keys`() {
        #expect("0123456789*#ABCD".map { TelephoneEvent.event(forKey: $0) } == Array(0...15))
        #expect(TelephoneEvent.event(forKey: "d") == 15)
        #expect(TelephoneEvent.event(forKey: "E") == nil)
        #expect(TelephoneEvent.event(forKey: "ß") == nil)
        #expect(
            (UInt8(0)..<18).map { TelephoneEvent(event: $0, duration: 0).key } == Array("0123456789*#ABCD") + [
                nil, nil,
            ])
    }

    @Test func `Item 165: comfort noise is a level and a spectrum`() {
        let noise = ComfortNoise(level: 60, coefficients: [0, 258 * 127, -258 * 127, 516])
        let bytes = [UInt8].writing(capacity: 16) { noise.write(into: &$0) } ?? []
        #expect(bytes == [60, 127, 254, 0, 129])
        #expect(self.noise(bytes) == noise)
        #expect(self.noise([]) == nil)
        #expect(self.noise([0xFF]) == ComfortNoise(level: 127))
        #expect(self.noise([1, 130, 255, 130])?.coefficients == [774], "255 is reserved")
        #expect(
            self.noise([UInt8](repeating: 1, count: 2_000))?.coefficients.count == ComfortNoise.maxOrder)
        let odd = ComfortNoise(level: 1, coefficients: [.min, .max, 128, -130])
        let rounded = [UInt8].writing(capacity: 16) { odd.write(into: &$0) } ?? []
        #expect(rounded == [1, 0, 254, 127, 126])
    }

    @Test func `P11: payloads of any size say how long they last, or nothing`() {
        func ticks(_ name: String, _ bytes: [UInt8]) -> Int? {
            AudioPayloadKind(RTCRtpCodec(mimeType: "audio/\(name)", clockRate: 8_000)).ticks(of: bytes.span.bytes)
        }
        let bytes = [UInt8](repeating: 0, count: 161)
        #expect(ticks("PCMU", bytes) == 161)
        #expect(ticks("pcma", bytes) == 161)
        #expect(ticks("G722", bytes) == 161)
        #expect(ticks("opus", [0xF8, 1, 2]) == 960)
        #expect(ticks("opus", []) == nil)
        #expect(ticks("PCMU", []) == nil)
        #expect(ticks("CN", [1]) == nil)
        #expect(ticks("telephone-event", [1, 2, 3, 4]) == nil)
        #expect(ticks("L16", bytes) == nil)
    }

    @Test func `Item 165: one frame of audio is one packet, or none when it does not fit`() throws {
        var random = RandomSource.seeded(1)
        var packetizer = Packetizer(format: .single, random: &random)
        for count in [1, 2, 1_199, 1_200] {
            let data = random.bytes(count)
            let payloads = Payloads.make(Payloads.frame(data, Payloads.opus), with: &packetizer)
            #expect(payloads == [data])
            #expect(try Payloads.join(payloads, .single).frame == data)
            let info = try Payloads.inspect(data, .single)
            #expect(info.isFrameStart && info.isFrameEnd && info.isKeyFrame)
        }
        #expect(Payloads.make(Payloads.frame([], Payloads.opus), with: &packetizer).isEmpty)
        #expect(packetizer.dropped == 0)
        #expect(Payloads.make(Payloads.frame(random.bytes(1_201), Payloads.opus), with: &packetizer).isEmpty)
        #expect(packetizer.dropped == 1)
        #expect(throws: PayloadError.truncated) { try Payloads.inspect([], .single) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCDataChannel

@Suite struct DCEPMessageTests {
    private func parse(_ bytes: [UInt8]) -> Result<DCEPMessage, DCEPMessage.Malformation> {
        Result { () throws(DCEPMessage.Malformation) in try DCEPMessage(parsing: bytes.span.bytes) }
    }

    /// An OPEN as Chromium sends it: ordered, reliable, priority 256, label "chat", no protocol.
    private let captured: [UInt8] = [
        0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x63, 0x68, 0x61, 0x74,
    ]

    @Test func `an OPEN is written and read as it stands on the wire`() {
        let message = DCEPMessage.open(DataChannelParameters(label: "chat"))
        #expect(message.bytes == self.captured)
        #expect(self.parse(self.captured) == .success(message))
    }

    @Test func `an ACK is one byte`() {
        #expect(DCEPMessage.acknowledge.bytes == [2])
        #expect(self.parse([2]) == .success(.acknowledge))
        #expect(self.parse([2, 0]) == .failure(.excessBytes))
    }

    @Test func `every channel type, order and priority survives`() {
        let kinds: [(UInt8, Bool, DataChannelReliability)] = [
            (0x00, true, .reliable), (0x80, false, .reliable),
            (0x01, true, .maxRetransmits(0)), (0x81, false, .maxRetransmits(.max)),
            (0x02, true, .maxLifetime(milliseconds: 70_000)), (0x82, false, .maxLifetime(milliseconds: 1)),
        ]
        for (type, isOrdered, reliability) in kinds {
            for priority in [DataChannelPriority.belowNormal, .normal, .high, .extraHigh, .init(rawValue: 7)] {
                let parameters = DataChannelParameters(
                    label: "l\u{1F600}", protocol: "p", isOrdered: isOrdered, reliability: reliability,
                    priority: priority
                )
                let bytes = DCEPMessage.open(parameters).bytes ?? []
                #expect(bytes.count == 12 + 5 + 1)
                #expect(bytes.dropFirst().first == type)
                #expect(self.parse(bytes) == .success(.open(parameters)))
            }
        }
    }

    @Test func `the reliability parameter of a reliable channel is ignored`() {
        var bytes = self.captured
        bytes[5] = 9
        #expect(self.parse(bytes) == .success(.open(DataChannelParameters(label: "chat"))))
    }

    @Test func `144: labels and protocols of 65,535 bytes are taken, longer ones cannot be written`() {
        let longest = String(repeating: "ä", count: 32_767) + "x"
        let parameters = DataChannelParameters(label: longest, protocol: longest)
        let bytes = DCEPMessage.open(parameters).bytes ?? []
        #expect(bytes.count == 12 + 2 * 65_535)
        #expect(self.parse(bytes) == .success(.open(parameters)))
        #expect(DCEPMessage.open(DataChannelParameters(label: longest + "x")).bytes == nil)
        #expect(DCEPMessage.open(DataChannelParameters(protocol: longest + "x")).bytes == nil)
    }

    @Test func `C15: an OPEN cut anywhere or one byte too long is refused`() {
        let whole = DCEPMessage.open(DataChannelParameters(label: "label", protocol: "protocol")).bytes ?? []
        for count in 0..<whole.count {
            #expect(self.parse(Array(whole.prefix(count))) == .failure(.truncated))
        }
        #expect(self.parse(whole + [0]) == .failure(.excessBytes))
    }

    @Test func `C15: lengths that do not fit the message are refused`() {
        for label: UInt16 in [0, 3, 5, 0x7FFF, 0xFFFF] {
            var bytes = self.captured
            bytes[8] = UInt8(label >> 8)
            bytes[9] = UInt8(label & 0xFF)
            #expect(self.parse(bytes) == .failure(label < 4 ? .excessBytes : .truncated))
            bytes[10] = 0xFF
            bytes[11] = 0xFF
            #expect(self.parse(bytes) == .failure(.truncated))
        }
    }

    @Test func `C15: unknown message and channel types are refused`() {
        for type in UInt8.min...UInt8.max where type != 2 && type != 3 {
            #expect(self.parse([type]) == .failure(.unknownMessageType))
            #expect(self.parse([type] + self.captured.dropFirst()) == .failure(.unknownMessageType))
        }
        for type in UInt8.min...UInt8.max where ChannelType(rawValue: type) == nil {
            var bytes = self.captured
            bytes[1] = type
            #expect(self.parse(bytes) == .failure(.unknownChannelType))
        }
        #expect(ChannelType.allCases.count == 6)
    }

    @Test func `C15: a label or protocol that is not UTF-8 is refused`() {
        #expect(self.parse(self.captured.dropLast() + [0xFF]) == .failure(.notUTF8))
        let header: [UInt8] = [3, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
        #expect(self.parse(header + [0x61, 0xC3]) == .failure(.notUTF8))
        // The two halves of one character, split between the fields.
        #expect(self.parse(header + [0xC3, 0xA4]) == .failure(.notUTF8))
    }

    @Test func `random flips never trap, and what parses is written back the same`() {
        var random = RandomSource.seeded(15)
        let whole =
            DCEPMessage.open(
                DataChannelParameters(label: "né", protocol: "x", isOrdered: false, reliability: .maxRetransmits(3))
            ).bytes ?? []
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            }
            guard case .success(let message) = self.parse(bytes), let again = message.bytes else { continue }
            if bytes[1] & 0x7F == 0 { bytes.replaceSubrange(4..<8, with: [0, 0, 0, 0]) }
            #expect(again == bytes)
        }
    }
}

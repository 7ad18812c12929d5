// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCSTUN
import RTCWire
import Testing

/// What a parsed message said, copied out of its span.
struct Parsed: Equatable {
    var type: STUNMessageType
    var username: [UInt8]?
    var realm: [UInt8]?
    var nonce: [UInt8]?
    var software: [UInt8]?
    var mapped: TransportAddress?
    var priority: UInt32?
    var controlled: UInt64?
    var controlling: UInt64?
    var error: STUNErrorCode?
    var unknown: [STUNAttributeType]
    var hasFingerprint: Bool
    var isAuthentic: Bool
    var isAuthenticSHA256: Bool

    init(_ bytes: [UInt8], key: [UInt8] = STUNVectors.password) throws(STUNParseError) {
        let message = try STUNMessage(bytes.span.bytes)
        self.type = message.type
        self.username = message.username?.array
        self.realm = message.realm?.array
        self.nonce = message.nonce?.array
        self.software = message.software?.array
        self.mapped = message.mappedAddress
        self.priority = message.priority
        self.controlled = message.iceControlled
        self.controlling = message.iceControlling
        self.error = message.errorCode
        self.unknown = message.unknownRequiredAttributes()
        self.hasFingerprint = message.hasFingerprint
        self.isAuthentic = message.isAuthentic(key: key)
        self.isAuthenticSHA256 = message.isAuthenticSHA256(key: key)
    }
}

func parse(_ bytes: [UInt8]) -> Result<Parsed, STUNParseError> {
    do { return .success(try Parsed(bytes)) } catch { return .failure(error) }
}

/// A message of the given attributes, then integrity and FINGERPRINT if wanted.
func message(
    _ type: STUNMessageType = STUNMessageType(.request, .binding),
    key: [UInt8]? = nil, fingerprint: Bool = false,
    _ attributes: (STUNBuilder, inout ByteWriter) -> Void = { _, _ in }
) -> [UInt8] {
    var random = RandomSource.seeded(7)
    return [UInt8].writing(capacity: 65_535) { writer in
        let builder = STUNBuilder(type, STUNTransactionID(random: &random), into: &writer)
        attributes(builder, &writer)
        if let key { builder.addIntegrity(key: key, to: &writer) }
        if fingerprint { builder.addFingerprint(to: &writer) }
        builder.finish(&writer)
    } ?? []
}

@Suite struct STUNMessageTests {
    @Test func `20: the request of RFC 5769 is read and authentic`() throws {
        let request = try Parsed(STUNVectors.request)
        #expect(request.type == STUNMessageType(.request, .binding))
        #expect(request.username == Array("evtj:h6vY".utf8))
        #expect(request.software == Array("STUN test client".utf8))
        #expect(request.priority == 0x6E00_01FF)
        #expect(request.controlled == 0x932F_F9B1_5126_3B36)
        #expect(request.hasFingerprint && request.isAuthentic)
        #expect(request.unknown == [])
    }

    @Test func `13, 20: the responses of RFC 5769 map both address families`() throws {
        let four = try Parsed(STUNVectors.responseIPv4)
        #expect(four.type == STUNMessageType(.success, .binding))
        #expect(four.mapped == TransportAddress("192.0.2.1", port: 32853))
        #expect(four.hasFingerprint && four.isAuthentic)
        let six = try Parsed(STUNVectors.responseIPv6)
        #expect(six.mapped == TransportAddress("2001:db8:1234:5678:11:2233:4455:6677", port: 32853))
        #expect(six.hasFingerprint && six.isAuthentic)
    }

    @Test func `20: long-term keys verify, by SHA-1 and by SHA-256`() throws {
        let plain = Array("マトリックス:example.org:TheMatrIX".utf8)
        let request = try Parsed(STUNVectors.longTerm, key: HashFunction.md5.digest(plain.span.bytes))
        #expect(request.isAuthentic)
        #expect(request.realm == Array("example.org".utf8))
        #expect(request.nonce == Array("f//499k954d6OL34oL9FSTvy64sA".utf8))
        let modern = try Parsed(STUNVectors.longTermSHA256, key: HashFunction.sha256.digest(plain.span.bytes))
        #expect(modern.isAuthenticSHA256)
        #expect(!modern.isAuthentic)
    }

    @Test func `1: header fields that are not STUN's are refused`() {
        #expect(parse(Array(STUNVectors.request.prefix(19))) == .failure(.notSTUN))
        for (offset, value) in [(0, UInt8(0x40)), (0, 0x80), (4, 0x20), (7, 0x43)] {
            var bytes = STUNVectors.request
            bytes[offset] = value
            #expect(parse(bytes) == .failure(.notSTUN))
        }
        for length in [UInt8(0x57), 0x54, 0x5C] {
            var bytes = STUNVectors.request
            bytes[3] = length
            #expect(parse(bytes) == .failure(.badLength))
        }
    }

    @Test func `1: every class and method survives the interleaved bits`() throws {
        for method in [UInt16(0), 1, 3, 9, 0x10, 0x70, 0x80, 0xF80, 0xFFF] {
            for messageClass in [STUNClass.request, .indication, .success, .error] {
                let type = STUNMessageType(messageClass, STUNMethod(rawValue: method))
                #expect(try Parsed(message(type)).type == type)
            }
        }
    }

    @Test func `2: transaction identifiers differ`() {
        var random = RandomSource.seeded(1)
        let ids = Set((0..<1000).map { _ in STUNTransactionID(random: &random) })
        #expect(ids.count == 1000)
    }

    @Test func `4: padding is zero when sent and ignored when received`() throws {
        let bytes = message { builder, writer in
            builder.add(.username, ([1, 2, 3, 4, 5] as [UInt8]).span.bytes, to: &writer)
        }
        #expect(Array(bytes.suffix(8)) == [1, 2, 3, 4, 5, 0, 0, 0])
        var padded = bytes
        padded[padded.count - 1] = 0xFF
        #expect(try Parsed(padded).username == [1, 2, 3, 4, 5])
    }

    @Test func `5: unknown required attributes are listed once, optional ones ignored`() throws {
        let bytes = message { builder, writer in
            for type in [UInt16(0x7777), 0x8777, 0x7777, 0x0003] {
                builder.add(STUNAttributeType(rawValue: type), UInt32(0), to: &writer)
            }
        }
        #expect(try Parsed(bytes).unknown.map(\.rawValue) == [0x7777, 0x0003])
    }

    @Test func `6: attributes after MESSAGE-INTEGRITY do not count`() throws {
        var random = RandomSource.seeded(7)
        let bytes = [UInt8].writing(capacity: 200) { writer in
            let builder = STUNBuilder(
                STUNMessageType(.request, .binding), STUNTransactionID(random: &random), into: &writer)
            builder.addIntegrity(key: STUNVectors.password, to: &writer)
            builder.add(.useCandidate, to: &writer)
            builder.add(STUNAttributeType(rawValue: 0x7777), to: &writer)
            builder.addFingerprint(to: &writer)
            builder.finish(&writer)
        }
        let parsed = try Parsed(#require(bytes))
        #expect(parsed.isAuthentic && parsed.hasFingerprint && parsed.unknown == [])
    }

    @Test func `7: requests are judged by user name and integrity`() {
        func verdict(_ bytes: [UInt8], key: [UInt8]?) -> STUNRequestVerdict? {
            try? STUNMessage(bytes.span.bytes).shortTermVerdict(key: key)
        }
        let named = message { $0.add(.username, ([1] as [UInt8]).span.bytes, to: &$1) }
        let signed = message(key: [9]) { $0.add(.username, ([1] as [UInt8]).span.bytes, to: &$1) }
        #expect(verdict(message(), key: [9]) == .reject(.badRequest))
        #expect(verdict(named, key: [9]) == .reject(.badRequest))
        #expect(verdict(message(key: [9]), key: [9]) == .reject(.badRequest))
        #expect(verdict(signed, key: nil) == .reject(.unauthenticated))
        #expect(verdict(signed, key: [8]) == .reject(.unauthenticated))
        #expect(verdict(signed, key: [9]) == .authentic)
    }

    @Test func `12, S5: error codes outside 300 to 699 are refused, reserved bits ignored`() throws {
        func code(_ value: [UInt8]) throws -> UInt16? {
            try Parsed(message { $0.add(.errorCode, value.span.bytes, to: &$1) }).error?.rawValue
        }
        #expect(try code([0xFF, 0xFF, 0xFC, 87]) == 487)
        #expect(try code([0, 0, 3, 0, 0x41]) == 300)
        for bad: [UInt8] in [[], [0], [0, 0, 4], [0, 0, 2, 0], [0, 0, 7, 0], [0, 0, 4, 100]] {
            #expect(try code(bad) == nil)
        }
        #expect(try Parsed(message { $0.add(STUNErrorCode.roleConflict, to: &$1) }).error == .roleConflict)
    }

    @Test func `13, S5: addresses of an unknown family or a wrong size are no addresses`() throws {
        func address(_ type: STUNAttributeType, _ value: [UInt8]) throws -> TransportAddress? {
            try Parsed(message { $0.add(type, value.span.bytes, to: &$1) }).mapped
        }
        #expect(try address(.mappedAddress, [9, 1, 0, 5, 10, 0, 0, 1]) == TransportAddress("10.0.0.1", port: 5))
        for family in [UInt8(0), 3] {
            #expect(try address(.xorMappedAddress, [0, family, 0, 5, 10, 0, 0, 1]) == nil)
        }
        for size in 0...24 where size != 8 {
            #expect(try address(.mappedAddress, [0, 1] + Array(repeating: 1, count: size)) == nil || size == 6)
        }
        #expect(try address(.xorMappedAddress, [0, 2, 0, 5, 10, 0, 0, 1]) == nil)
    }

    @Test func `14: FINGERPRINT must be right and last, and may be absent`() throws {
        #expect(try !Parsed(message()).hasFingerprint)
        var wrong = STUNVectors.request
        wrong[wrong.count - 1] ^= 1
        #expect(parse(wrong) == .failure(.badFingerprint))
        let early = message { builder, writer in
            builder.addFingerprint(to: &writer)
            builder.add(.useCandidate, to: &writer)
        }
        #expect(parse(early) == .failure(.badFingerprint))
        let short = message { $0.add(.fingerprint, ([1, 2] as [UInt8]).span.bytes, to: &$1) }
        #expect(parse(short) == .failure(.badFingerprint))
    }

    @Test func `15: texts of up to 763 bytes are read, longer ones are not`() throws {
        for (size, isRead) in [(0, true), (763, true), (764, false), (10_000, false)] {
            let text = [UInt8](repeating: 0xFE, count: size)
            for type in [STUNAttributeType.username, .realm, .nonce] {
                let parsed = try Parsed(message { $0.add(type, text.span.bytes, to: &$1) })
                #expect((parsed.username ?? parsed.realm ?? parsed.nonce) == (isRead ? text : nil))
            }
        }
    }

    @Test func `What the builder wrote comes back`() throws {
        for ip in ["192.0.2.7", "2001:db8::7"] {
            let address = try #require(TransportAddress(ip, port: 4321))
            let bytes = message(STUNMessageType(.success, .binding), key: STUNVectors.password, fingerprint: true) {
                $0.add(.xorMappedAddress, xor: address, to: &$1)
                $0.add(.priority, UInt32(77), to: &$1)
                $0.add(.iceControlling, UInt64.max, to: &$1)
                $0.add(unknown: [.software, .realm, .nonce], to: &$1)
            }
            let parsed = try Parsed(bytes)
            #expect(parsed.mapped == address)
            #expect(parsed.priority == 77)
            #expect(parsed.controlling == .max)
            #expect(parsed.isAuthentic && parsed.hasFingerprint)
        }
    }

    @Test func `A message that does not fit is not written`() {
        #expect(
            [UInt8].writing(capacity: 40) { writer in
                var random = RandomSource.seeded(7)
                let builder = STUNBuilder(
                    STUNMessageType(.request, .binding), STUNTransactionID(random: &random), into: &writer)
                builder.addIntegrity(key: [1], to: &writer)
                builder.addFingerprint(to: &writer)
                builder.finish(&writer)
            } == nil)
    }
}

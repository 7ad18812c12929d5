// SPDX-License-Identifier: Apache-2.0

/// The hash of a certificate, `fingerprint:<hash function> <XX:XX:…>` (RFC 8122 §5).
package struct FingerprintAttribute: Hashable, Sendable, SDPWritable {
    /// The hash function's name in lower case, such as `sha-256`.
    package var algorithm: String
    /// The hash.
    package var bytes: [UInt8]

    /// A fingerprint of a hash computed elsewhere.
    package init(algorithm: String, bytes: [UInt8]) {
        self.algorithm = algorithm.lowercased()
        self.bytes = bytes
    }

    /// Whether the hash function is one that nobody can be believed with (RFC 8122 §5: MUST NOT use).
    package var isBroken: Bool { self.algorithm == "md5" || self.algorithm == "md2" }

    /// The number of bytes that a known hash function gives.
    private static func length(of algorithm: String) -> Int? {
        switch algorithm {
        case "md2", "md5": 16
        case "sha-1": 20
        case "sha-224": 28
        case "sha-256": 32
        case "sha-384": 48
        case "sha-512": 64
        default: nil
        }
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.algorithm = try fields.word("a hash function, such as sha-256").lowercased()
        let digits = Array(try fields.word("a hash in hexadecimal").utf8)
        guard let bytes = Self.bytes(fromHex: digits) else {
            throw Expected("a hash written as pairs of hexadecimal digits with colons between them")
        }
        let length = Self.length(of: self.algorithm)
        guard bytes.count == length ?? bytes.count, bytes.count <= 64 else {
            throw Expected("a hash of \(length ?? 64) bytes for \(self.algorithm.prefix(16))")
        }
        self.bytes = bytes
    }

    private static func bytes(fromHex text: [UInt8]) -> [UInt8]? {
        guard text.count % 3 == 2 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 3) {
            guard let high = Self.value(ofDigit: text[start]), let low = Self.value(ofDigit: text[start &+ 1]),
                start &+ 2 >= text.count || text[start &+ 2] == UInt8(ascii: ":")
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.algorithm)
        writer.write(" ")
        for (index, byte) in self.bytes.enumerated() {
            if index > 0 { writer.write(":") }
            writer.writeHex(byte)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The hash of a certificate, as signaling carries it (RFC 8122 §5).
///
/// Its text is `sha-256 AB:CD:…`: the name of the hash, a space, and upper-case hexadecimal bytes.
package struct Fingerprint: Sendable {
    package let algorithm: HashFunction
    /// The digest; as long as `algorithm` makes it.
    package let bytes: [UInt8]

    /// A fingerprint of known bytes; `nil` when their number is not that of `algorithm`.
    package init?(algorithm: HashFunction, bytes: [UInt8]) {
        guard bytes.count == algorithm.byteCount else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// The fingerprint of a certificate in DER.
    package init(of certificate: RawSpan, algorithm: HashFunction) {
        self.algorithm = algorithm
        self.bytes = algorithm.digest(certificate)
    }

    /// Whether the hash is strong enough to trust: sha-256, sha-384 or sha-512 (RFC 8122 §5 forbids md5; sha-1 is broken).
    package var isAcceptable: Bool { self.algorithm.fingerprintRank > 0 }

    /// The digest as upper-case hexadecimal with colons.
    package var value: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(self.bytes.count * 3)
        for byte in self.bytes {
            if !text.isEmpty { text.append(UInt8(ascii: ":")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Fingerprint: Hashable {
    /// Compares in a time that tells nothing about the bytes.
    package static func == (left: Fingerprint, right: Fingerprint) -> Bool {
        let (first, second) = (left.bytes, right.bytes)
        return left.algorithm == right.algorithm && constantTimeEqual(first.span.bytes, second.span.bytes)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.algorithm)
        hasher.combine(self.bytes)
    }
}

// MARK: - Text

extension Fingerprint: LosslessStringConvertible {
    package var description: String { "\(self.algorithm.rawValue) \(self.value)" }

    /// Parses `sha-256 AB:CD:…`, in any case; `nil` for an unknown hash, a wrong length or anything else.
    package init?(_ text: String) {
        guard text.utf8.count <= 256 else { return nil }
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = parts.first, let value = parts.last else { return nil }
        self.init(algorithm: name, value: value)
    }

    /// Parses the two halves that signaling objects keep apart, in any case.
    package init?(algorithm name: some StringProtocol, value: some StringProtocol) {
        guard name.utf8.count <= 16, let algorithm = HashFunction(rawValue: name.lowercased()) else { return nil }
        guard value.utf8.count == algorithm.byteCount * 3 - 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(algorithm.byteCount)
        for pair in value.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard pair.count == 2 else { return nil }
            var byte: UInt8 = 0
            for digit in pair {
                guard let nibble = Self.nibble(digit) else { return nil }
                byte = byte << 4 | nibble
            }
            bytes.append(byte)
        }
        self.init(algorithm: algorithm, bytes: bytes)
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}

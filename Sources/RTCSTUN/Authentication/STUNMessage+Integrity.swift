// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
internal import RTCWire

extension STUNMessage {
    /// Whether a MESSAGE-INTEGRITY is present, right or wrong.
    package var hasIntegrity: Bool { self.integrity != nil }

    /// Whether MESSAGE-INTEGRITY is present and made with `key` (RFC 8489 §14.5), compared in constant time.
    ///
    /// The short-term key is the password, the long-term one MD5 of `username:realm:password` (§9.1.1, §9.2.2).
    package func isAuthentic(key: [UInt8]) -> Bool {
        self.isAuthentic(self.integrity, sizes: 20...20, hash: .sha1, key: key)
    }

    /// Whether MESSAGE-INTEGRITY-SHA256 is present and made with `key` (RFC 8489 §14.6).
    package func isAuthenticSHA256(key: [UInt8]) -> Bool {
        // "The value will be at most 32 bytes, but it MUST be at least 16 bytes and MUST be a multiple of 4 bytes."
        self.isAuthentic(self.integritySHA256, sizes: 16...32, hash: .sha256, key: key)
    }

    private func isAuthentic(
        _ place: (offset: Int, size: Int)?, sizes: ClosedRange<Int>, hash: HashFunction, key: [UInt8]
    ) -> Bool {
        guard let place, sizes.contains(place.size), place.size & 3 == 0,
            let covered = self.bytes.slice(0..<place.offset),
            let claimed = self.bytes.slice((place.offset &+ 4)..<(place.offset &+ 4 &+ place.size))
        else { return false }
        let computed = STUNIntegrity.code(hash: hash, key: key, covered: covered, valueSize: place.size)
        guard let code = computed.span.bytes.slice(0..<place.size) else { return false }
        return constantTimeEqual(code, claimed)
    }
}

/// Computes message integrity over the part of a message before its attribute.
enum STUNIntegrity {
    /// The code over `covered`, with the header's length field reaching to the end of the integrity attribute.
    static func code(hash: HashFunction, key: [UInt8], covered: RawSpan, valueSize: Int) -> [UInt8] {
        let length = covered.byteCount &- STUNMessage.headerSize &+ 4 &+ valueSize
        return withUnsafeTemporaryAllocation(byteCount: covered.byteCount, alignment: 8) { memory in
            var writer = ByteWriter(memory)
            writer.write(covered)
            writer.setUInt16(UInt16(truncatingIfNeeded: length), at: 2)
            return hash.hmac(key: key, writer.bytes)
        }
    }
}

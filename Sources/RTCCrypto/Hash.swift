// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// The hash functions that WebRTC uses in the open: for fingerprints, message integrity and TURN keys.
package enum HashFunction: String, CaseIterable, Hashable, Sendable {
    case md5
    case sha1 = "sha-1"
    case sha256 = "sha-256"
    case sha384 = "sha-384"
    case sha512 = "sha-512"

    /// The number of bytes of a digest.
    package var byteCount: Int { Int(EVP_MD_size(self.algorithm)) }

    /// The digest of `bytes`.
    package func digest(_ bytes: RawSpan) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            bytes.withUnsafeBytes {
                _ = EVP_Digest($0.baseAddress, $0.count, buffer.baseAddress, &length, self.algorithm, nil)
            }
            count = Int(length)
        }
    }

    /// HMAC (RFC 2104) of `bytes` with this hash function.
    package func hmac(key: [UInt8], _ bytes: RawSpan) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            key.withUnsafeBytes { key in
                bytes.withUnsafeBytes { bytes in
                    _ = HMAC(
                        self.algorithm, key.baseAddress, key.count,
                        bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, buffer.baseAddress, &length)
                }
            }
            count = Int(length)
        }
    }

    var algorithm: OpaquePointer {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
package func constantTimeEqual(_ left: RawSpan, _ right: RawSpan) -> Bool {
    guard left.byteCount == right.byteCount else { return false }
    return left.withUnsafeBytes { left in
        right.withUnsafeBytes { right in
            left.count == 0 || CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// AES in Galois/counter mode (NIST SP 800-38D) under one key, with nonces of 12 and tags of 16 bytes.
///
/// The key schedule is made once and wiped at the end; sealing and opening allocate nothing.
package struct AESGCM: ~Copyable {
    /// The number of bytes of a tag.
    package static var tagSize: Int { 16 }

    /// The 96 bits that must never come twice under one key.
    package struct Nonce: Hashable, Sendable {
        // In the order of the wire; three words have no gap between them.
        fileprivate var words: (UInt32, UInt32, UInt32)

        /// The nonce whose first four bytes are `high` and whose last eight are `low`, both big-endian.
        package init(high: UInt32, low: UInt64) {
            self.words = (
                high.bigEndian, UInt32(truncatingIfNeeded: low >> 32).bigEndian,
                UInt32(truncatingIfNeeded: low).bigEndian
            )
        }

        package static func == (left: Nonce, right: Nonce) -> Bool { left.words == right.words }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(self.words.0)
            hasher.combine(self.words.1)
            hasher.combine(self.words.2)
        }
    }

    private let context: UnsafeMutablePointer<EVP_AEAD_CTX>

    /// `nil` unless `key` has 16 or 32 bytes.
    package init?(key: [UInt8]) {
        let algorithm: OpaquePointer?
        switch key.count {
        case 16: algorithm = EVP_aead_aes_128_gcm()
        case 32: algorithm = EVP_aead_aes_256_gcm()
        default: return nil
        }
        guard let context = EVP_AEAD_CTX_new(algorithm, key, key.count, Self.tagSize) else { return nil }
        self.context = context
    }

    // BoringSSL overwrites memory that it frees.
    deinit { EVP_AEAD_CTX_free(self.context) }

    /// Encrypts `bytes` in place and writes the 16 bytes that authenticate them and `clear` to `tag`.
    ///
    /// `false` when BoringSSL refused, and then nothing may be sent.
    package func seal(
        _ bytes: UnsafeMutableRawBufferPointer, tag: UnsafeMutableRawPointer, nonce: Nonce,
        authenticating clear: UnsafeRawBufferPointer
    ) -> Bool {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return withUnsafeBytes(of: nonce.words) { nonce in
            var tagSize = 0
            return EVP_AEAD_CTX_seal_scatter(
                self.context, start, tag.assumingMemoryBound(to: UInt8.self), &tagSize, Self.tagSize,
                nonce.baseAddress?.assumingMemoryBound(to: UInt8.self), nonce.count, start, bytes.count, nil, 0,
                clear.baseAddress?.assumingMemoryBound(to: UInt8.self), clear.count) == 1
        }
    }

    /// Decrypts `bytes` in place if the 16 bytes at `tag` authenticate them and `clear`.
    ///
    /// `false` when they do not; `bytes` are then zeros.
    package func open(
        _ bytes: UnsafeMutableRawBufferPointer, tag: UnsafeRawPointer, nonce: Nonce,
        authenticating clear: UnsafeRawBufferPointer
    ) -> Bool {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let isAuthentic = withUnsafeBytes(of: nonce.words) { nonce in
            EVP_AEAD_CTX_open_gather(
                self.context, start, nonce.baseAddress?.assumingMemoryBound(to: UInt8.self), nonce.count,
                start, bytes.count, tag.assumingMemoryBound(to: UInt8.self), Self.tagSize,
                clear.baseAddress?.assumingMemoryBound(to: UInt8.self), clear.count) == 1
        }
        // Else DTLS on the same thread could take the error to be its own.
        if !isAuthentic { ERR_clear_error() }
        return isAuthentic
    }
}

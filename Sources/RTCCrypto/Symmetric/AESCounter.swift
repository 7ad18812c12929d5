// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// AES in counter mode (NIST SP 800-38A §6.5) under one key, with a big-endian counter of 128 bits.
///
/// The key schedule is made once and wiped at the end; encryption allocates nothing.
package struct AESCounter: ~Copyable {
    private let schedule: UnsafeMutablePointer<AES_KEY>

    /// `nil` unless `key` has 16, 24 or 32 bytes.
    package init?(key: [UInt8]) {
        guard [16, 24, 32].contains(key.count) else { return nil }
        self.schedule = .allocate(capacity: 1)
        AES_set_encrypt_key(key, UInt32(key.count * 8), self.schedule)
    }

    deinit {
        OPENSSL_cleanse(self.schedule, MemoryLayout<AES_KEY>.size)
        self.schedule.deallocate()
    }

    /// Encrypts or decrypts `bytes` in place; the first counter block is `high` and then `low`, both big-endian.
    package func apply(to bytes: UnsafeMutableRawBufferPointer, high: UInt64, low: UInt64) {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        // The counter block, then room for the key stream of a last block that is not whole.
        var blocks = (high.bigEndian, low.bigEndian, UInt64(0), UInt64(0))
        var used: UInt32 = 0
        withUnsafeMutableBytes(of: &blocks) { blocks in
            guard let counter = blocks.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            AES_ctr128_encrypt(start, start, bytes.count, self.schedule, counter, counter + 16, &used)
        }
    }

    /// The first `count` bytes of the key stream that begins with the counter block `high`, `low`.
    package func keyStream(count: Int, high: UInt64, low: UInt64) -> [UInt8] {
        var stream = [UInt8](repeating: 0, count: count)
        stream.withUnsafeMutableBytes { self.apply(to: $0, high: high, low: low) }
        return stream
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// HMAC-SHA1 (RFC 2104) under one key.
///
/// Both states after the padded key are kept, copied for each message and wiped at the end; nothing is allocated for
/// a message.
package struct HMACSHA1: ~Copyable {
    /// What authenticates a message: 20 bytes, of which protocols often send the first few.
    package struct Tag: Sendable {
        fileprivate var words: (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0)

        /// The number of bytes of a whole tag.
        package static var size: Int { 20 }

        /// The first eight bytes, as this machine orders them.
        package var prefix: UInt64 { withUnsafeBytes(of: self.words) { $0.loadUnaligned(as: UInt64.self) } }

        /// Writes the first `count` bytes, at most 20, to `target`.
        package func write(to target: UnsafeMutableRawPointer, count: Int) {
            withUnsafeBytes(of: self.words) { words in
                guard let start = words.baseAddress else { return }
                target.copyMemory(from: start, byteCount: min(count, words.count))
            }
        }

        /// Whether the `count` bytes at `other`, 1 to 20, are the first of this tag, in a time that depends on `count`
        /// only.
        package func matches(_ other: UnsafeRawPointer, count: Int) -> Bool {
            precondition((1...Self.size).contains(count))
            return withUnsafeBytes(of: self.words) { CRYPTO_memcmp($0.baseAddress, other, count) == 0 }
        }
    }

    /// The states after the inner and the outer pad.
    private let states: UnsafeMutablePointer<SHA_CTX>

    /// A key of any length.
    package init(key: [UInt8]) {
        self.states = .allocate(capacity: 2)
        var block = key.count > 64 ? HashFunction.sha1.digest(key.span.bytes) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        for (state, pad) in [(self.states, UInt8(0x36)), (self.states + 1, UInt8(0x5C))] {
            var padded = block.map { $0 ^ pad }
            SHA1_Init(state)
            SHA1_Update(state, padded, padded.count)
            wipe(&padded)
        }
        wipe(&block)
    }

    deinit {
        OPENSSL_cleanse(self.states, 2 * MemoryLayout<SHA_CTX>.stride)
        self.states.deallocate()
    }

    /// The tag of `bytes`, followed by `trailer` in big-endian when there is one.
    package func tag(of bytes: UnsafeRawBufferPointer, followedBy trailer: UInt32? = nil) -> Tag {
        var tag = Tag()
        var state = self.states[0]
        SHA1_Update(&state, bytes.baseAddress, bytes.count)
        if let trailer {
            var trailer = trailer.bigEndian
            SHA1_Update(&state, &trailer, 4)
        }
        withUnsafeMutableBytes(of: &tag.words) { words in
            let digest = words.baseAddress?.assumingMemoryBound(to: UInt8.self)
            SHA1_Final(digest, &state)
            state = self.states[1]
            SHA1_Update(&state, digest, words.count)
            SHA1_Final(digest, &state)
        }
        return tag
    }
}

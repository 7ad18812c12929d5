// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// BoringSSL's way to the network: one call is one datagram, to and from memory.
enum DatagramBIO {
    /// A new BIO for `connection`, which must outlive it; `nil` when memory is exhausted.
    static func make(for connection: SecureConnection) -> OpaquePointer? {
        guard let method = Self.method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(connection).toOpaque())
        return bio
    }

    // Set up once and never changed; BoringSSL only reads it.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index(), "datagram") else { return nil }
        BIO_meth_set_create(method) { bio in
            BIO_set_init(bio, 1)
            return 1
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let connection = DatagramBIO.connection(of: bio), let bytes, count > 0 else { return -1 }
            connection.wrote(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            return count
        }
        BIO_meth_set_read(method) { bio, bytes, count in
            guard let connection = DatagramBIO.connection(of: bio), let bytes, count > 0 else { return -1 }
            BIO_clear_retry_flags(bio)
            let read = connection.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)))
            guard read > 0 else {
                BIO_set_retry_read(bio)
                return -1
            }
            return Int32(truncatingIfNeeded: read)
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()

    private static func connection(of bio: OpaquePointer?) -> SecureConnection? {
        guard let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<SecureConnection>.fromOpaque(data).takeUnretainedValue()
    }
}

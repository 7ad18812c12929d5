// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// Overwrites a secret with zeros in a way that the compiler does not leave out, and empties the array.
///
/// Copies that share the storage keep it: wipe only what nobody else holds.
package func wipe(_ secret: inout [UInt8]) {
    secret.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    secret = []
}

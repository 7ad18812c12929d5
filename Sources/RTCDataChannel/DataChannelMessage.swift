// SPDX-License-Identifier: Apache-2.0

/// A message of a data channel.
package enum DataChannelMessage: Hashable, Sendable {
    /// Text as UTF-8. A received one has been checked to be UTF-8; whoever sends one makes it from a `String`.
    case text([UInt8])
    /// Bytes.
    case binary([UInt8])

    /// The content, whichever kind it is.
    package var bytes: [UInt8] {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }

    /// The size that counts against the peer's max-message-size, in bytes.
    package var byteCount: Int {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes.count
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// One message of a data channel.
public enum RTCDataChannelMessage: Hashable, Sendable {
    /// A text.
    case text(String)
    /// Bytes.
    case binary(ByteBuffer)

    /// A binary message.
    public init(_ bytes: [UInt8]) { self = .binary(ByteBuffer(bytes: bytes)) }

    /// The number of bytes, for a text in UTF-8.
    public var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.readableBytes
        }
    }

    /// The bytes, for a text in UTF-8.
    public var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .binary(let bytes): Array(bytes.readableBytesView)
        }
    }
}

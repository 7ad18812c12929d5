// SPDX-License-Identifier: Apache-2.0

/// What one side's SCTP transport can do (ORTC §11.4).
public struct RTCSctpCapabilities: Hashable, Sendable, Codable {
    /// The largest message that it takes, in bytes; 0 for any size (RFC 8841 §6.1).
    public var maxMessageSize: Int

    /// Capabilities from their parts.
    public init(maxMessageSize: Int) { self.maxMessageSize = maxMessageSize }
}

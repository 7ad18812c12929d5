// SPDX-License-Identifier: Apache-2.0

/// A version of DTLS, with the number that stands for it on the wire.
package enum DTLSVersion: UInt16, Hashable, Sendable, Comparable {
    /// RFC 6347.
    case v1_2 = 0xFEFD
    /// RFC 9147.
    case v1_3 = 0xFEFC

    package static func < (left: DTLSVersion, right: DTLSVersion) -> Bool {
        // Wire numbers count down.
        left.rawValue > right.rawValue
    }
}

/// Which end of the handshake an endpoint is.
package enum DTLSRole: Hashable, Sendable {
    /// Begins the handshake (`a=setup:active`).
    case client
    /// Waits for the peer to begin (`a=setup:passive`).
    case server
}

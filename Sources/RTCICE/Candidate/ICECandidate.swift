// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// An address at which a side may be reached (RFC 8445 §5.1), as signaling carries it.
package struct ICECandidate: Hashable, Sendable {
    /// How the address was learned.
    package enum Kind: Hashable, Sendable {
        case host, serverReflexive, peerReflexive, relayed

        /// The recommended type preference (RFC 8445 §5.1.2.2).
        package var preference: UInt8 {
            switch self {
            case .host: 126
            case .peerReflexive: 110
            case .serverReflexive: 100
            case .relayed: 0
            }
        }
    }

    /// How the address was learned.
    package var kind: Kind
    /// Where to send.
    package var address: TransportAddress
    /// 1 to 2^31 - 1; the greater the better.
    package var priority: UInt32
    /// Equal for candidates that probably work or fail together (RFC 8445 §5.1.1.3).
    package var foundation: String
    /// 1 for RTP and everything multiplexed with it, 2 for RTCP of its own.
    package var component: UInt16
    /// The base of a reflexive candidate or the mapped address of a relayed one, for diagnosis only.
    package var relatedAddress: TransportAddress?
    /// The user name fragment of the generation that the candidate belongs to, if signaling tells (RFC 8838 §4).
    package var usernameFragment: String?

    /// A candidate as signaling describes it.
    package init(
        kind: Kind, address: TransportAddress, priority: UInt32, foundation: String, component: UInt16 = 1,
        relatedAddress: TransportAddress? = nil, usernameFragment: String? = nil
    ) {
        self.kind = kind
        self.address = address
        self.priority = priority
        self.foundation = foundation
        self.component = component
        self.relatedAddress = relatedAddress
        self.usernameFragment = usernameFragment
    }

    /// The recommended formula (RFC 8445 §5.1.2.1).
    package static func priority(kind: Kind, localPreference: UInt16, component: UInt16 = 1) -> UInt32 {
        let last = UInt32(256 &- min(max(component, 1), 256))
        return UInt32(kind.preference) << 24 | UInt32(localPreference) << 8 | last
    }
}

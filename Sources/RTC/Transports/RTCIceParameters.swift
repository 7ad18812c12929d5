// SPDX-License-Identifier: Apache-2.0

/// The ICE credentials of one side (W3C WebRTC §5.6.5).
public struct RTCIceParameters: Hashable, Sendable, Codable {
    /// The user name fragment: 4 to 256 letters, digits, `+` or `/`.
    public var usernameFragment: String
    /// The password: 22 to 256 of the same characters.
    public var password: String
    /// Whether that side is an ICE-lite agent (RFC 8445 §2.5).
    public var iceLite: Bool

    /// Credentials from their parts.
    public init(usernameFragment: String, password: String, iceLite: Bool = false) {
        self.usernameFragment = usernameFragment
        self.password = password
        self.iceLite = iceLite
    }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// The user name fragment and the password of one side in one ICE generation (RFC 8445 §5.3).
package struct ICECredentials: Hashable, Sendable {
    /// 4 to 256 ice-chars.
    package let usernameFragment: String
    /// 22 to 256 ice-chars.
    package let password: String

    /// `nil` when a text is too short or too long, or has characters other than `A-Z a-z 0-9 + /` (RFC 8839 §5.4).
    package init?(usernameFragment: String, password: String) {
        guard Self.isValid(usernameFragment, 4...256), Self.isValid(password, 22...256) else { return nil }
        self.usernameFragment = usernameFragment
        self.password = password
    }

    /// New credentials: 48 random bits and 144 random bits, where 24 and 128 are the least (RFC 8445 §5.3).
    package init(random: inout RandomSource) {
        self.usernameFragment = Self.randomText(8, &random)
        self.password = Self.randomText(24, &random)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func randomText(_ count: Int, _ random: inout RandomSource) -> String {
        let bytes = (0..<count).map { _ in Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &random)] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isValid(_ text: String, _ count: ClosedRange<Int>) -> Bool {
        count.contains(text.utf8.count) && text.utf8.allSatisfy { Self.alphabet.contains($0) }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What a server does with a request after the short-term credential mechanism (RFC 8489 §9.1.3).
package enum STUNRequestVerdict: Equatable, Sendable {
    /// The sender knows the credentials.
    case authentic
    /// An error response with this code goes back, without USERNAME and MESSAGE-INTEGRITY.
    case reject(STUNErrorCode)
}

extension STUNMessage {
    /// Judges a request by the key that belongs to its user name, `nil` for an unknown user.
    package func shortTermVerdict(key: [UInt8]?) -> STUNRequestVerdict {
        let hasUsername = self.has(.username)
        guard self.hasIntegrity, hasUsername else { return .reject(.badRequest) }
        guard let key, self.isAuthentic(key: key) else { return .reject(.unauthenticated) }
        return .authentic
    }
}

// SPDX-License-Identifier: Apache-2.0

/// When to send a flight again that nobody has answered (RFC 6347 §4.2.4, RFC 9147 §5.8).
///
/// The pause begins at what the path's round-trip time suggests and doubles up to a low ceiling: WebRTC users wait for
/// this handshake. BoringSSL sends a flight at most 13 times, so after the eighth pause the doubling goes on, and the
/// last attempts lie where the deadline of 30 seconds still lets them matter.
struct ResendSchedule {
    private let first: Duration
    private let ceiling: Duration
    /// How often the present flight has been sent again.
    private(set) var resends = 0

    static let maximumResends = 12
    private static let eagerResends = 8

    init(first: Duration, ceiling: Duration) {
        self.first = min(max(first, .milliseconds(50)), .seconds(3))
        self.ceiling = max(self.first, ceiling)
    }

    /// Whether the present flight may be sent again.
    var isExhausted: Bool { self.resends >= Self.maximumResends }

    /// The pause before the present flight is sent again.
    var interval: Duration {
        let eager = min(self.first * (1 << min(self.resends, 8)), self.ceiling)
        return eager * (1 << max(0, min(self.resends, Self.maximumResends - 1) - Self.eagerResends + 1))
    }

    /// How long an acknowledgement of DTLS 1.3 waits for more to acknowledge (RFC 9147 §7.1: a quarter).
    var acknowledgementDelay: Duration { self.first / 4 }

    /// Notes that the flight has been sent again.
    mutating func resent() { self.resends += 1 }

    /// Notes that another flight is under way.
    mutating func restart() { self.resends = 0 }
}

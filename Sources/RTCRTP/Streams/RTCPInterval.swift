// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// How long to wait between RTCP compounds, so that they stay within their share of the bandwidth (RFC 3550 §6.2, A.7)
/// with the profile's freedom to send sooner when there is room (RFC 4585 §3.4).
package struct RTCPInterval: Sendable {
    /// What RTCP may use in both directions together, in bytes a second.
    package var bandwidth: Double
    /// The shortest wait before randomization (`T_rr_interval` of RFC 4585; 5 s in RFC 3550).
    package var minimum: Duration
    /// The average size of a compound with the headers below it, in bytes.
    package private(set) var averageSize: Double

    /// From RTP and RTCP packets to their datagrams: UDP, IPv4 and the authentication of SRTCP.
    static let lowerHeaders = 28.0 + 14

    /// An interval for `bandwidth` bytes a second; the first wait is half of the minimum.
    package init(bandwidth: Double, minimum: Duration, averageSize: Double = 120) {
        self.bandwidth = max(1, bandwidth)
        self.minimum = minimum
        self.averageSize = averageSize
    }

    /// Counts a compound of `bytes`, sent or received.
    package mutating func record(bytes: Int) {
        self.averageSize += (Double(bytes) + Self.lowerHeaders - self.averageSize) / 16
    }

    /// The wait before randomization: with `members` participants, of which `senders` send, this side too if `weSend`.
    package func deterministic(members: Int, senders: Int, weSend: Bool) -> Duration {
        var bandwidth = self.bandwidth
        var sharing = Double(max(1, members))
        // A quarter is for senders unless they are more than a quarter (RFC 3550 §6.2).
        if Double(senders) <= sharing * 0.25 {
            bandwidth *= weSend ? 0.25 : 0.75
            sharing = weSend ? Double(max(1, senders)) : max(1, sharing - Double(senders))
        }
        let seconds = min(self.averageSize * sharing / bandwidth, 3_600)
        return max(self.minimum, .seconds(seconds))
    }

    /// The wait, 0.5 to 1.5 times the deterministic one, so that participants do not fall into step; a `isFirst` one is
    /// half as long.
    ///
    /// A.7 also divides by e - 3/2 to make up for reconsideration, which has no purpose between two participants.
    package func next(
        members: Int, senders: Int, weSend: Bool, isFirst: Bool = false, random: inout RandomSource
    ) -> Duration {
        let wait = self.deterministic(members: members, senders: senders, weSend: weSend)
        return (isFirst ? wait / 2 : wait) * Double.random(in: 0.5...1.5, using: &random)
    }
}

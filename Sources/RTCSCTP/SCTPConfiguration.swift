// SPDX-License-Identifier: Apache-2.0

/// The numbers that an association works with; the defaults suit WebRTC.
package struct SCTPConfiguration: Hashable, Sendable {
    /// The port of this end; DTLS carries a single association, and browsers use 5000 at both ends.
    package var localPort: UInt16 = 5000
    /// The port of the peer.
    package var remotePort: UInt16 = 5000
    /// The largest SCTP packet in bytes, common header included, that fits under DTLS, UDP and IP (RFC 8261 §4).
    ///
    /// At least 512. A packet budget of 1,200 bytes less 37 for a DTLS 1.2 AES-GCM record leaves 1,163.
    package var maximumPacketSize = 1_160
    /// The longest message that is taken in, in bytes; a longer one is dropped and reported.
    package var maximumMessageSize = 262_144
    /// How many bytes of messages not yet taken by the user are held for the peer (a_rwnd).
    package var receiveWindow = 5 * 1_024 * 1_024
    /// How many streams are asked for in each direction; both sides take the lower number (RFC 9260 §5.1.1).
    package var maximumStreams: UInt16 = 65_535
    /// The round-trip time that ICE or DTLS measured, for the first timers.
    package var roundTripTimeHint: Duration?
    /// The retransmission timeout before anything was measured.
    package var initialRetransmissionTimeout = Duration.milliseconds(500)
    /// The least retransmission timeout.
    package var minimumRetransmissionTimeout = Duration.milliseconds(200)
    /// How far doubling may raise a timeout; a path that is slower than this has its own, longer one.
    package var maximumBackoff = Duration.milliseconds(800)
    /// How many timeouts in a row the peer may miss before it counts as gone (Association.Max.Retrans).
    package var maximumRetransmissions = 10
    /// How many times INIT and COOKIE ECHO are sent again (Max.Init.Retransmits).
    package var maximumInitRetransmissions = 8
    /// How long the peer must also have been silent before it counts as gone.
    ///
    /// Short timeouts would otherwise end an association before ICE consent (RFC 7675, 30 s) has run out.
    package var silenceLimit = Duration.seconds(30)
    /// How long a path rests before a HEARTBEAT asks whether the peer is there.
    package var heartbeatInterval = Duration.seconds(30)
    /// How long an acknowledgement waits for a second packet; at most 500 ms (RFC 9260 §6.2).
    package var acknowledgementDelay = Duration.milliseconds(100)
    /// How long a cookie is good for (Valid.Cookie.Life).
    package var cookieLifetime = Duration.seconds(60)

    package init() {}
}

// SPDX-License-Identifier: Apache-2.0

package import RTCRTP
internal import RTCWire

/// What all streams of a session have in common, and how much a peer may make it keep.
package struct RTPSessionConfiguration: Hashable, Sendable {
    /// The canonical name that ties the streams together; random for each connection (RFC 8834 §4.9).
    package var cname: String
    /// The wall-clock time at ``Instant/start``: sender reports need it, nothing else does.
    package var wallClockAtStart: NTPTimestamp
    /// The largest datagram in bytes, with the authentication of SRTP in it.
    package var datagramSize = 1_200
    /// What SRTP and SRTCP add at most: an AES-GCM tag, or an SRTCP index and a tag.
    package var protectionOverhead = 20
    /// How long sent packets are kept for retransmission, at least; four round trips when that is longer.
    package var historyTime: Duration = .seconds(1)
    /// The bytes of sent packets that each sender keeps at most.
    package var historyBytes = 4 << 20
    /// The mean wait between reports, when the bandwidth of RTCP allows it.
    package var reportInterval: Duration = .seconds(1)
    /// What reports may use, in bytes a second.
    package var reportBandwidth = 20_000.0
    /// What feedback may use in the long run, in bytes a second.
    package var feedbackBandwidth = 50_000.0
    /// The wait between feedback packets for congestion control.
    package var transportFeedbackInterval: Duration = .milliseconds(100)
    /// The shortest time between two key frames that the peer can ask for.
    package var keyFrameInterval: Duration = .milliseconds(250)
    /// A receiver without packets for so long is muted.
    ///
    /// A silent Opus encoder sends a packet every 400 ms and a still screen shows up once a second, so with two seconds
    /// neither is taken for an end.
    package var muteAfter: Duration = .seconds(2)
    /// Sources that are remembered, known by their packets only.
    package var maxSources = 256
    /// Streams that one receiver follows at the same time.
    package var maxStreamsPerReceiver = 8

    package init(cname: String, wallClockAtStart: NTPTimestamp) {
        self.cname = cname
        self.wallClockAtStart = wallClockAtStart
    }

    /// The wall-clock time at `now`.
    func wallClock(at now: Instant) -> NTPTimestamp { self.wallClockAtStart + (now - .start) }
}

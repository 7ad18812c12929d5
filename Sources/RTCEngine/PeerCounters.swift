// SPDX-License-Identifier: Apache-2.0

/// Datagrams by what became of them.
package struct PeerCounters: Hashable, Sendable {
    /// Datagrams and bytes taken in, whatever they were.
    package var datagramsReceived: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    /// Datagrams and bytes written.
    package var datagramsSent: UInt64 = 0
    package var bytesSent: UInt64 = 0
    /// Datagrams whose first byte belongs to no protocol here (RFC 7983 §7), and empty ones.
    package var unknownDropped: UInt64 = 0
    /// DTLS datagrams from a path that no check has validated.
    package var unvalidatedDropped: UInt64 = 0
    /// RTP and RTCP from a path that no check has validated.
    package var mediaUnvalidated: UInt64 = 0
    /// RTP and RTCP that came without keys to open them: before the handshake is verified, when it agreed on no
    /// protection, or after the end.
    package var mediaWithoutKeys: UInt64 = 0
    /// RTP and RTCP that SRTP refused: not authentic, replayed, malformed or too long.
    package var mediaRefused: UInt64 = 0
    /// RTP and RTCP that were not sent: there were no keys, or SRTP refused to seal them.
    package var mediaUnsent: UInt64 = 0

    /// RTP and RTCP that came and were dropped, for whatever reason.
    package var mediaDropped: UInt64 { self.mediaUnvalidated &+ self.mediaWithoutKeys &+ self.mediaRefused }
}

// SPDX-License-Identifier: Apache-2.0

/// Counts of what passed and what was thrown away.
package struct DTLSStatistics: Hashable, Sendable {
    /// Datagrams handed in, good or bad.
    package var datagramsReceived = 0
    /// Datagrams that cannot be DTLS: empty, too large, or of a content type outside 20…63 (RFC 7983).
    package var datagramsNotDTLS = 0
    /// Datagrams cut short, or dropped, at a plaintext record that no honest handshake contains.
    package var datagramsFiltered = 0
    /// Datagrams and records that came before they could be used and did not fit into the bounded store.
    package var overflows = 0
    /// Datagrams after the end of the association.
    package var datagramsAfterEnd = 0
    /// Records with application data handed up.
    package var recordsDelivered = 0
    /// Records with application data written.
    package var recordsSealed = 0
    /// How often a flight was sent again.
    package var resends = 0
}

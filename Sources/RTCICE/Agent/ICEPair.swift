// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// A local and a remote candidate that work together.
package struct ICEPair: Hashable, Sendable {
    /// The candidate of this side.
    package var local: ICECandidate
    /// The candidate of the peer.
    package var remote: ICECandidate
    /// The address of the local socket that sends to `remoteAddress`.
    package var base: TransportAddress
    /// Where datagrams go, with the scope of a link-local address.
    package var remoteAddress: TransportAddress
}

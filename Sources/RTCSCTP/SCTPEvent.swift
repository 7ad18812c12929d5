// SPDX-License-Identifier: Apache-2.0

/// What the layer above an association must know.
package enum SCTPEvent: Hashable, Sendable {
    /// The association is up, with as many usable streams in each direction.
    case connected(inboundStreams: UInt16, outboundStreams: UInt16)
    /// A whole message came in.
    case message(stream: StreamID, ppid: PayloadProtocolID, bytes: [UInt8])
    /// A message longer than `SCTPConfiguration.maximumMessageSize` came in and was dropped.
    case messageTooLarge(stream: StreamID)
    /// Bytes of this stream went to the network, so `bufferedAmount(of:)` is lower than before.
    ///
    /// Said once for a stream until it is polled, however many packets left.
    case bufferedAmountDecreased(stream: StreamID)
    /// The peer reset these streams of its own: nothing more of the old ones comes, and they start anew.
    ///
    /// An empty list means all streams.
    case incomingStreamsReset([StreamID])
    /// The peer confirmed the reset of these streams of ours; they may be used again.
    case outgoingStreamsReset([StreamID])
    /// The peer refused to reset these streams of ours, or knows no reset.
    case resetFailed([StreamID])
    /// The peer started anew: what was in flight in both directions is lost, all streams start over.
    case restarted
    /// The association ended; the last event.
    case closed(SCTPCloseReason)
}

/// Why an association ended.
package enum SCTPCloseReason: Hashable, Sendable {
    /// `shutdown` was called here or there, and everything was delivered.
    case shutdown
    /// `abort` was called here.
    case aborted
    /// The peer aborted; with the code of its first error cause, if it gave one (RFC 9260 §3.3.10).
    case abortedByPeer(cause: UInt16?)
    /// The peer never answered the first packets.
    case connectTimeout
    /// The peer stopped answering.
    case peerUnreachable
    /// The peer did what the protocol forbids, so it was sent an ABORT.
    case protocolViolation(SCTPViolation)
}

/// What a peer did wrong when that ends an association.
package enum SCTPViolation: Hashable, Sendable {
    /// A DATA chunk without bytes.
    case emptyData
    /// Fragments in an order that no message has.
    case fragmentOrder
    /// A message with a sequence number of its stream that was there already.
    case streamSequence
    /// A SACK for what was never sent.
    case acknowledgedUnsent
    /// An INIT or INIT ACK that cannot be answered.
    case invalidInit
}

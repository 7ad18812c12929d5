// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// One SCTP association with one peer over one path, as WebRTC has it over DTLS (RFC 9260, RFC 8261).
package struct SCTPAssociation: ~Copyable {
    package let configuration: SCTPConfiguration
    package private(set) var state = SCTPState.idle

    package init(configuration: SCTPConfiguration = SCTPConfiguration(), random: RandomSource) {
        self.configuration = configuration
    }

    /// Begins the handshake; without effect when it has begun.
    package mutating func connect(at now: Instant) {}

    /// Takes in one SCTP packet.
    package mutating func receive(_ packet: RawSpan, at now: Instant) {}

    /// Queues a message; it may be called before the association is up, and then goes out with the handshake.
    package mutating func send(
        _ message: [UInt8], stream: StreamID, ppid: PayloadProtocolID, isOrdered: Bool, at now: Instant
    ) throws(SCTPError) {}

    /// The bytes of a stream's messages that have not yet been handed to the network once.
    package func bufferedAmount(of stream: StreamID) -> Int { 0 }

    /// The bytes of all messages that have not yet been handed to the network once.
    package var bufferedAmount: Int { 0 }

    /// The bytes of all messages that are kept because the peer has not acknowledged the whole of them.
    package var retainedBytes: Int { 0 }

    /// Asks the peer to reset streams of ours after what is queued on them has been sent (RFC 6525).
    ///
    /// Until `outgoingStreamsReset` or `resetFailed` comes, `send` on them throws `streamResetting`.
    package mutating func resetStreams(_ streams: [StreamID], at now: Instant) {}

    /// Says how many bytes of delivered messages the user has not consumed, which lowers the announced window.
    package mutating func setReceiveBacklog(_ bytes: Int, at now: Instant) {}

    /// Says that the path works again after a gap, so that what is lost is sent at once.
    package mutating func pathRecovered(at now: Instant) {}

    /// Closes after everything queued was delivered (RFC 9260 §9.2).
    package mutating func shutdown(at now: Instant) {}

    /// Closes at once with an ABORT (RFC 9260 §9.1).
    package mutating func abort(at now: Instant) {}

    /// Does what is due.
    package mutating func handleTimeout(at now: Instant) {}

    /// The earliest deadline.
    package var nextTimeout: (at: Instant, why: SCTPTimer)? { nil }

    /// Writes one SCTP packet at the end of `writer`; `false` when there is none to send.
    package mutating func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Bool { false }

    /// The next event.
    package mutating func pollEvent() -> SCTPEvent? { nil }

    /// Counters and present values.
    package var statistics: SCTPStatistics { SCTPStatistics() }
}

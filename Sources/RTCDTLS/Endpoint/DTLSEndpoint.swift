// SPDX-License-Identifier: Apache-2.0

package import RTCCrypto
package import RTCWire

/// One end of a DTLS association between two peers who know each other's certificates from signaling.
///
///     idle --start()--> handshaking --(finished)--> unverified --(fingerprint matches)--> connected
///       |                    |                          |                                    |
///       +---- close() -------+--- failure, close() -----+---- close(), the peer's close -----+--> ended
///
/// `unverified` is often passed through at once, when signaling was faster than the handshake. Until `connected`
/// nothing is delivered and nothing can be sealed, in both roles (RFC 8842 §5.2, V2, V3).
///
/// The owner calls `receive` and `handleTimeout`, and after each call drains `pollTransmit` and `pollEvent`.
package final class DTLSEndpoint {
    /// What the endpoint waits for.
    package enum Timer: Hashable, Sendable, CaseIterable {
        /// Sending the last flight again.
        case resend
        /// Acknowledging records of DTLS 1.3 whose flight is not complete.
        case acknowledge
        /// The end of patience with the handshake.
        case deadline
    }

    enum State {
        /// Holds datagrams of a peer who is ahead of us.
        case idle(DatagramQueue)
        case handshaking(SecureConnection, PlaintextFilter)
        /// Holds records of a peer of whom we do not know yet who it is.
        case unverified(SecureConnection, DatagramQueue)
        /// Holds records of before the peer was verified, not yet fetched.
        case connected(SecureConnection, DatagramQueue)
        /// Holds last words: an alert. The keys are gone.
        case ended(DatagramQueue)
    }

    package let context: DTLSContext
    /// Counts of what passed and what was thrown away.
    package internal(set) var statistics = DTLSStatistics()
    /// What the handshake agreed on, once it is over.
    package internal(set) var negotiated: DTLSNegotiated?
    /// The peer's certificate in DER, once it has shown one; trust it only after `connected`.
    package internal(set) var remoteCertificate: [UInt8]?

    var state: State
    var fingerprints: [Fingerprint] = []
    var timers = TimerTable<Timer>()
    var schedule: ResendSchedule
    private var events: [DTLSEvent] = []

    /// An endpoint that shares `context` with others.
    package init(context: DTLSContext) {
        let configuration = context.configuration
        self.context = context
        self.state = .idle(configuration.limits.makeStore())
        self.schedule = ResendSchedule(first: .seconds(1), ceiling: configuration.maximumResendInterval)
    }

    /// An endpoint with a context of its own.
    package convenience init(
        certificate: Certificate, configuration: DTLSConfiguration = .init()
    ) throws(DTLSFailure) {
        self.init(context: try DTLSContext(certificate: certificate, configuration: configuration))
    }

    /// Whether data may pass.
    package var isConnected: Bool {
        if case .connected = self.state { true } else { false }
    }

    /// Whether the association is over.
    package var hasEnded: Bool {
        if case .ended = self.state { true } else { false }
    }

    /// The next thing that the owner must know.
    package func pollEvent() -> DTLSEvent? { self.events.isEmpty ? nil : self.events.removeFirst() }

    /// Writes the next datagram to send: of a handshake flight, an acknowledgement or an alert.
    ///
    /// `false` when there is none, or when it does not fit into what is left of `writer`.
    package func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Bool {
        switch self.state {
        case .idle: return false
        case .handshaking(let connection, _), .unverified(let connection, _), .connected(let connection, _):
            return connection.outgoing.moveFirst(to: &writer)
        case .ended(var lastWords):
            guard lastWords.moveFirst(to: &writer) else { return false }
            self.state = .ended(lastWords)
            return true
        }
    }

    func report(_ event: DTLSEvent) { self.events.append(event) }
}

extension DTLSLimits {
    func makeStore() -> DatagramQueue { DatagramQueue(maximumCount: self.heldCount, maximumBytes: self.heldBytes) }
}

extension DatagramQueue {
    fileprivate mutating func moveFirst(to writer: inout ByteWriter) -> Bool {
        self.takeFirst { datagram in
            guard datagram.byteCount <= writer.remaining else { return false }
            writer.write(datagram)
            return true
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import RTCMedia
internal import Synchronization

/// A sender and a receiver that share a media section (W3C WebRTC §5.4).
public final class RTCRtpTransceiver: Sendable {
    struct State {
        var mid: String?
        var direction: RTCRtpTransceiverDirection
        var currentDirection: RTCRtpTransceiverDirection?
    }

    /// The number by which negotiation and engine know it.
    let number: Int
    let state: Mutex<State>
    private let peer: WeakConnection

    /// Sends this end's track.
    public let sender: RTCRtpSender
    /// Receives the peer's track.
    public let receiver: RTCRtpReceiver

    init(
        number: Int, direction: RTCRtpTransceiverDirection, sender: RTCRtpSender, receiver: RTCRtpReceiver,
        peer: WeakConnection
    ) {
        self.number = number
        self.state = Mutex(State(direction: direction))
        self.sender = sender
        self.receiver = receiver
        self.peer = peer
    }

    /// Audio or video.
    public var kind: MediaKind { self.sender.kind }
    /// The tag of the media section; `nil` before there is one.
    public var mid: String? { self.state.withLock { $0.mid } }
    /// Which way media shall flow.
    public var direction: RTCRtpTransceiverDirection { self.state.withLock { $0.direction } }
    /// Which way media flows, as agreed on last; `nil` before that.
    public var currentDirection: RTCRtpTransceiverDirection? { self.state.withLock { $0.currentDirection } }

    /// Says which way media shall flow; the next exchange of descriptions makes it so.
    ///
    /// Throws `RTCError`: `.type` for `.stopped`, `.invalidState` when the transceiver or the connection is stopped.
    public func setDirection(_ direction: RTCRtpTransceiverDirection) async throws {
        guard direction != .stopped else { throw RTCError(.type, "to stop a transceiver call stop()") }
        try await self.connection().setDirection(direction, of: self)
    }

    /// Stops both ways; the next exchange of descriptions tells the peer. Safe to call again.
    public func stop() async throws { try await self.connection().stop(self) }

    /// Says which codecs are wanted, most wanted first; empty for the defaults.
    ///
    /// Throws `RTCError` with code `.invalidModification` for a codec that this end does not have.
    public func setCodecPreferences(_ codecs: [RTCRtpCodec]) async throws {
        try await self.connection().setCodecPreferences(codecs, of: self)
    }

    private func connection() throws(RTCError) -> RTCPeerConnection {
        guard let connection = self.peer.connection else {
            throw RTCError(.invalidState, "the connection of this transceiver is gone")
        }
        return connection
    }
}

/// A connection that may be gone.
final class WeakConnection: Sendable {
    private let reference: Mutex<Reference>

    private struct Reference: Sendable { weak var connection: RTCPeerConnection? }

    init(_ connection: RTCPeerConnection? = nil) { self.reference = Mutex(Reference(connection: connection)) }

    var connection: RTCPeerConnection? { self.reference.withLock { $0.connection } }

    func set(_ connection: RTCPeerConnection) { self.reference.withLock { $0.connection = connection } }
}

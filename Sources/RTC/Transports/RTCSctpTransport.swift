// SPDX-License-Identifier: Apache-2.0

internal import RTCDataChannel
internal import RTCEngine

/// Carries data channels (W3C WebRTC §6.1, ORTC §11).
public final class RTCSctpTransport: Sendable {
    /// The transport that encrypts it.
    public let transport: RTCDtlsTransport
    var core: ConnectionCore { self.transport.core }

    /// A transport over `transport`.
    public init(transport: RTCDtlsTransport) { self.transport = transport }

    /// The present state.
    public var state: RTCSctpTransportState { self.core.sctpState.value }

    /// The present state and each later one.
    public var states: AsyncStream<RTCSctpTransportState> { self.core.sctpState.stream }

    /// The largest message that can be sent, in bytes; 65,536 until the peer's capabilities are known (RFC 8841 §6.1).
    public var maxMessageSize: Int { self.core.maxMessageSize }

    /// How many channels there can be; `nil` before the transport is connected.
    public var maxChannels: Int? { self.core.maxChannels.value }

    /// What this end takes, for the peer.
    public var localCapabilities: RTCSctpCapabilities {
        RTCSctpCapabilities(maxMessageSize: self.core.configuration.maxMessageSize)
    }

    /// Begins SCTP as soon as DTLS is verified.
    ///
    /// Throws `RTCError` with code `.invalidState` when the transport is closed.
    public func start(_ remoteCapabilities: RTCSctpCapabilities, remotePort: UInt16 = 5_000) async throws {
        try await self.core.onOpenLoop { core in
            core.startSCTP(
                remotePort: remotePort, remoteMaxMessageSize: UInt64(clamping: remoteCapabilities.maxMessageSize))
        }
    }

    /// Creates a channel; before the transport is connected it waits.
    ///
    /// Throws `RTCError`: `.type` when a parameter is out of range, `.operation` when the id is taken,
    /// `.invalidState` when the transport is closed.
    public func createDataChannel(
        _ label: String, options: RTCDataChannelInit = RTCDataChannelInit()
    ) async throws -> RTCDataChannel {
        let parameters = try DataChannelParameters(label: label, options: options)
        let channel = try await self.core.onOpenLoop { try $0.openChannel(parameters) }
        return RTCDataChannel(core: channel, connection: self.transport.iceTransport.iceGatherer.handle)
    }

    /// The channels that the peer creates. The first reader also gets those from before.
    public var dataChannels: AsyncStream<RTCDataChannel> {
        self.transport.iceTransport.iceGatherer.handle.dataChannels
    }

    /// Ends the transport, its channels and the transports below it; the peer is told.
    public func stop() async { await self.core.closeAndWait() }
}

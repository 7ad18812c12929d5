// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NIOCore
public import RTCMedia
internal import Synchronization

/// Sends one track (W3C WebRTC §5.2).
///
/// Comes from `RTCPeerConnection.addTrack` or with a transceiver. What it is asked for here holds at once, without
/// another exchange of descriptions.
public final class RTCRtpSender: Sendable {
    let core: SenderCore
    let handle: ConnectionHandle
    /// What descriptions have agreed on, and the transaction of `getParameters`.
    let agreed = Mutex(Agreed())
    /// Sends telephone tones; `nil` for video.
    public let dtmf: RTCDTMFSender?

    struct Agreed {
        var codecs: [RTCRtpCodecParameters] = []
        var headerExtensions: [RTCRtpHeaderExtensionParameters] = []
        var rtcp = RTCRtcpParameters(cname: "", reducedSize: false)
        var transactionId: String?
        var isStopped = false
    }

    init(core: SenderCore, handle: ConnectionHandle) {
        self.core = core
        self.handle = handle
        self.dtmf = core.kind == .audio ? RTCDTMFSender(core: core, handle: handle) : nil
    }

    /// Audio or video.
    public var kind: MediaKind { self.core.kind }

    /// What is sent; `nil` when nothing is.
    public var track: (any MediaStreamTrack)? { self.core.state.withLock { $0.track } }

    /// Why the track's frames could not be sent; `nil` while they can.
    public var error: RTCError? { self.core.state.withLock { $0.failure } }

    /// Sends another track from now on, or nothing with `nil`; the peer's receiver does not change.
    ///
    /// Throws `RTCError`: `.type` for a track of another kind, `.invalidState` when the transceiver is stopped.
    public func replaceTrack(_ track: (any MediaStreamTrack)?) async throws {
        if let track, track.kind != .unknown, track.kind != self.kind {
            throw RTCError(
                .type, "the track is of kind \(track.kind.rawValue), but the sender is for \(self.kind.rawValue)")
        }
        guard !self.agreed.withLock({ $0.isStopped }) else {
            throw RTCError(.invalidState, "the transceiver is stopped; add another one")
        }
        self.core.setTrack(track)
    }

    /// What the sender works with; to be changed and given to `setParameters`.
    public func getParameters() -> RTCRtpSendParameters {
        let encoding = self.core.state.withLock { $0.encoding }
        return self.agreed.withLock { agreed in
            let id = agreed.transactionId ?? UUID().uuidString.lowercased()
            agreed.transactionId = id
            return RTCRtpSendParameters(
                transactionId: id, encodings: [encoding], codecs: agreed.codecs,
                headerExtensions: agreed.headerExtensions, rtcp: agreed.rtcp)
        }
    }

    /// Changes the encodings from the next frame on.
    ///
    /// Throws `RTCError`: `.invalidState` without a `getParameters` before, or when the transceiver is stopped,
    /// `.invalidModification` when there was another change since, or the number or `rid` of encodings differs,
    /// `.range` for a value outside its range.
    public func setParameters(_ parameters: RTCRtpSendParameters) async throws {
        let present = self.core.state.withLock { $0.encoding }
        guard let encoding = parameters.encodings.first, parameters.encodings.count == 1, encoding.rid == present.rid
        else {
            throw RTCError(
                .invalidModification, "the encodings differ in number or rid; change those of getParameters()")
        }
        try encoding.check()
        try self.agreed.withLock { agreed throws(RTCError) in
            guard !agreed.isStopped else {
                throw RTCError(.invalidState, "the transceiver is stopped; add another one")
            }
            guard let id = agreed.transactionId else {
                throw RTCError(.invalidState, "call getParameters() first, and change what it gives")
            }
            guard id == parameters.transactionId else {
                throw RTCError(
                    .invalidModification, "the parameters are out of date; call getParameters() again")
            }
            agreed.transactionId = nil
        }
        self.core.setEncoding(encoding)
    }

    /// Changes each encoded frame before it is sent, as for encryption from end to end; `nil` for none.
    ///
    /// A frame for which it returns `nil` is not sent. It runs in the order of the frames, never on an event loop.
    public func setTransform(_ transform: EncodedTransform?) { self.core.state.withLock { $0.transform = transform } }

    /// Makes the next picture one that decoding can begin with.
    public func generateKeyFrame() { self.core.requestKeyFrame() }

    /// What can be sent with a default configuration (W3C WebRTC §5.2, `getCapabilities`).
    public static func getCapabilities(_ kind: MediaKind) -> RTCRtpCapabilities { RTCRtpCapabilities(kind) }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
public import RTCMedia
internal import Synchronization

/// Receives one track (W3C WebRTC §5.3).
public final class RTCRtpReceiver: Sendable {
    let core: ReceiverCore
    let handle: ConnectionHandle
    let agreed = Mutex(Agreed())
    /// What the peer sends: a ``RemoteAudioTrack`` or a ``RemoteVideoTrack``.
    public let track: any MediaStreamTrack

    struct Agreed {
        var codecs: [RTCRtpCodecParameters] = []
        var headerExtensions: [RTCRtpHeaderExtensionParameters] = []
        var rtcp = RTCRtcpParameters(cname: "", reducedSize: false)
        var streams: [MediaStream] = []
    }

    init(core: ReceiverCore, handle: ConnectionHandle) {
        self.core = core
        self.handle = handle
        self.track = core.makeTrack()
    }

    /// Audio or video.
    public var kind: MediaKind { self.core.kind }
    /// The track, when it is sound.
    public var audioTrack: RemoteAudioTrack? { self.track as? RemoteAudioTrack }
    /// The track, when it is pictures.
    public var videoTrack: RemoteVideoTrack? { self.track as? RemoteVideoTrack }

    /// What the receiver works with.
    public func getParameters() -> RTCRtpReceiveParameters {
        self.agreed.withLock {
            RTCRtpReceiveParameters(codecs: $0.codecs, headerExtensions: $0.headerExtensions, rtcp: $0.rtcp)
        }
    }

    /// Frames as the peer encoded them, from now on: for forwarding and recording.
    ///
    /// Pictures come whole and in the order of decoding, beginning with a key frame if the peer answers the request for
    /// one; sound comes packet by packet as it arrives. Whoever reads too slowly misses the oldest. A transform does not
    /// change them.
    public var encodedFrames: AsyncStream<EncodedFrame> { self.core.encodedFrames() }

    /// The telephone tones that the peer sends (RFC 4733), each when its key is released.
    public var tones: AsyncStream<RTCReceivedTone> { self.core.tones.stream() }

    /// Changes each encoded frame before it is decoded, as for decryption from end to end; `nil` for none.
    ///
    /// A frame for which it returns `nil` is not decoded. It runs in the order of the frames, never on an event loop.
    public func setTransform(_ transform: EncodedTransform?) { self.core.setTransform(transform) }

    /// Asks the peer for a picture that decoding can begin with.
    public func requestKeyFrame() { self.handle.core.perform(.requestKeyFrame, of: self.core) }

    /// What can be received with a default configuration (W3C WebRTC §5.3, `getCapabilities`).
    public static func getCapabilities(_ kind: MediaKind) -> RTCRtpCapabilities { RTCRtpCapabilities(kind) }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// How a transceiver shall be (W3C WebRTC §4.4.2).
public struct RTCRtpTransceiverInit: Hashable, Sendable {
    /// Which way media shall flow; not `.stopped`.
    public var direction: RTCRtpTransceiverDirection
    /// The streams that the peer shall find the track in.
    public var streams: [MediaStream]
    /// How is encoded; empty for one encoding with the defaults.
    public var sendEncodings: [RTCRtpEncodingParameters]

    /// The properties of a transceiver; by default media flows both ways.
    public init(
        direction: RTCRtpTransceiverDirection = .sendrecv, streams: [MediaStream] = [],
        sendEncodings: [RTCRtpEncodingParameters] = []
    ) {
        self.direction = direction
        self.streams = streams
        self.sendEncodings = sendEncodings
    }
}

/// Tracks that belong together, and that the peer plays in step (W3C Media Capture and Streams §4.2): an identifier.
public struct MediaStream: Hashable, Sendable, Identifiable {
    /// A few letters and digits, as in `a=msid` (RFC 8830): 1 to 64 of what SDP calls a token.
    public let id: String

    /// A stream with this identifier; without one, with a random one.
    public init(id: String? = nil) { self.id = id ?? UUID().uuidString.lowercased() }
}

// SPDX-License-Identifier: Apache-2.0

/// What an RTP header extension says, by the URI that SDP names it with (RFC 8285 §5).
package enum HeaderExtension: Hashable, Sendable {
    /// The media section that the packet belongs to (RFC 9143 §15).
    case mid
    /// The stream within the media section (RFC 8852 §3.1).
    case rid
    /// The stream that a packet of redundancy repairs (RFC 8852 §3.2).
    case repairedRid
    /// The level of the sound in the packet (RFC 6464).
    case audioLevel
    /// The level of the sound of each contributing source (RFC 6465).
    case csrcAudioLevel
    /// When the packet left, in 6.18 fixed-point seconds (libwebrtc's abs-send-time).
    case absoluteSendTime
    /// How much later than its timestamp the packet left, in ticks (RFC 5450).
    case transmissionOffset
    /// A number that counts the packets of the whole transport (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    case transportSequence
    /// How the camera was held (3GPP TS 26.114 §7.4.5).
    case videoOrientation
    /// How long the receiver should wait before it shows the picture (libwebrtc's playout-delay).
    case playoutDelay
    /// When the content was captured, by the NTP clock of whoever captured it (libwebrtc's abs-capture-time).
    case absoluteCaptureTime
    /// One that is negotiated but not understood here.
    case other(uri: String)

    /// Those that this library understands, in the order of their numbers in ``HeaderExtensionMap``.
    static let known: [HeaderExtension] = [
        .mid, .rid, .repairedRid, .audioLevel, .csrcAudioLevel, .absoluteSendTime, .transmissionOffset,
        .transportSequence, .videoOrientation, .playoutDelay, .absoluteCaptureTime,
    ]

    /// The extension that `uri` names.
    package init(uri: String) {
        self = Self.known.first { $0.uri == uri } ?? .other(uri: uri)
    }

    /// Its name in `a=extmap`.
    package var uri: String {
        switch self {
        case .mid: "urn:ietf:params:rtp-hdrext:sdes:mid"
        case .rid: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
        case .repairedRid: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
        case .audioLevel: "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
        case .csrcAudioLevel: "urn:ietf:params:rtp-hdrext:csrc-audio-level"
        case .absoluteSendTime: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
        case .transmissionOffset: "urn:ietf:params:rtp-hdrext:toffset"
        case .transportSequence:
            "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
        case .videoOrientation: "urn:3gpp:video-orientation"
        case .playoutDelay: "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
        case .absoluteCaptureTime: "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"
        case .other(let uri): uri
        }
    }

    /// Its place in ``known``; `nil` for one that is not understood.
    var number: UInt8? {
        switch self {
        case .mid: 0
        case .rid: 1
        case .repairedRid: 2
        case .audioLevel: 3
        case .csrcAudioLevel: 4
        case .absoluteSendTime: 5
        case .transmissionOffset: 6
        case .transportSequence: 7
        case .videoOrientation: 8
        case .playoutDelay: 9
        case .absoluteCaptureTime: 10
        case .other: nil
        }
    }
}

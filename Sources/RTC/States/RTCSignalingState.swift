// SPDX-License-Identifier: Apache-2.0

/// How far an offer/answer exchange has come (W3C WebRTC §4.3.1).
public enum RTCSignalingState: String, Hashable, Sendable, Codable, CaseIterable {
    /// No exchange is under way.
    case stable
    /// An offer of ours waits for the answer.
    case haveLocalOffer = "have-local-offer"
    /// An offer of the peer waits for our answer.
    case haveRemoteOffer = "have-remote-offer"
    /// We gave a provisional answer.
    case haveLocalPranswer = "have-local-pranswer"
    /// The peer gave a provisional answer.
    case haveRemotePranswer = "have-remote-pranswer"
    /// The connection is closed.
    case closed
}

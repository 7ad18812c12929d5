// SPDX-License-Identifier: Apache-2.0

/// Where the exchange of offer and answer stands (RFC 8829 §3.2, W3C `RTCSignalingState`).
package enum SignalingState: String, Hashable, Sendable, CaseIterable {
    case stable
    case haveLocalOffer = "have-local-offer"
    case haveRemoteOffer = "have-remote-offer"
    case haveLocalPranswer = "have-local-pranswer"
    case haveRemotePranswer = "have-remote-pranswer"
    case closed
}

/// What a description is (W3C `RTCSdpType`).
package enum DescriptionType: String, Hashable, Sendable, CaseIterable {
    case offer, pranswer, answer, rollback
}

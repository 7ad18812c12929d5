// SPDX-License-Identifier: Apache-2.0

internal import RTCNegotiation
internal import RTCSDP

// The public names of what the negotiation works with.

extension RTCSessionDescription {
    init(_ description: TypedDescription) {
        self.init(type: RTCSdpType(description.type), sdp: description.description.description)
    }
}

extension RTCSdpType {
    init(_ type: DescriptionType) {
        switch type {
        case .offer: self = .offer
        case .pranswer: self = .pranswer
        case .answer: self = .answer
        case .rollback: self = .rollback
        }
    }
}

extension DescriptionType {
    init(_ type: RTCSdpType) {
        switch type {
        case .offer: self = .offer
        case .pranswer: self = .pranswer
        case .answer: self = .answer
        case .rollback: self = .rollback
        }
    }
}

extension RTCSignalingState {
    init(_ state: SignalingState) {
        switch state {
        case .stable: self = .stable
        case .haveLocalOffer: self = .haveLocalOffer
        case .haveRemoteOffer: self = .haveRemoteOffer
        case .haveLocalPranswer: self = .haveLocalPranswer
        case .haveRemotePranswer: self = .haveRemotePranswer
        case .closed: self = .closed
        }
    }
}

extension RTCIceCandidate {
    init(_ candidate: TrickledCandidate) {
        self.init(
            candidate: candidate.candidate, sdpMid: candidate.mid,
            sdpMLineIndex: UInt16(clamping: candidate.mediaIndex), usernameFragment: candidate.usernameFragment)
    }
}

extension BundlePolicy {
    init(_ policy: RTCBundlePolicy) {
        switch policy {
        case .balanced: self = .balanced
        case .maxCompat: self = .maxCompat
        case .maxBundle: self = .maxBundle
        }
    }
}

extension RTCError {
    init(_ error: NegotiationError) {
        let code: Code =
            switch error.code {
            case .invalidState: .invalidState
            case .invalidAccess: .invalidAccess
            case .invalidModification: .invalidModification
            case .operation: .operation
            case .type: .type
            case .syntax: .syntax
            }
        self.init(code, error.message)
    }
}

extension RTCIceConnectionState {
    init(_ state: RTCIceTransportState) {
        switch state {
        case .new: self = .new
        case .checking: self = .checking
        case .connected: self = .connected
        case .completed: self = .completed
        case .disconnected: self = .disconnected
        case .failed: self = .failed
        case .closed: self = .closed
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Which protocol a datagram belongs to, told by its first byte (RFC 7983 §7, updated by RFC 9443 for DTLS 1.3).
enum DatagramKind: Equatable {
    case stun
    case dtls
    case media
    case unknown

    init(_ datagram: RawSpan) {
        switch datagram.byte(at: 0).map(Int.init) ?? -1 {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 128...191: self = .media
        default: self = .unknown
        }
    }
}

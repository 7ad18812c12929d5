// SPDX-License-Identifier: Apache-2.0

/// What a receiver does with a chunk or parameter that it does not know, by the two high bits of the type
/// (RFC 9260 §3.2, §3.2.1).
enum UnknownTypeAction: UInt8, Hashable {
    case stop = 0
    case stopAndReport = 1
    case skip = 2
    case skipAndReport = 3

    var isReported: Bool { self == .stopAndReport || self == .skipAndReport }
    var stops: Bool { self == .stop || self == .stopAndReport }
}

/// The type of a chunk (RFC 9260 §3.2).
struct ChunkType: RawRepresentable, Hashable {
    var rawValue: UInt8

    static let data = ChunkType(rawValue: 0)
    static let initiation = ChunkType(rawValue: 1)
    static let initiationAck = ChunkType(rawValue: 2)
    static let sack = ChunkType(rawValue: 3)
    static let heartbeat = ChunkType(rawValue: 4)
    static let heartbeatAck = ChunkType(rawValue: 5)
    static let abort = ChunkType(rawValue: 6)
    static let shutdown = ChunkType(rawValue: 7)
    static let shutdownAck = ChunkType(rawValue: 8)
    static let error = ChunkType(rawValue: 9)
    static let cookieEcho = ChunkType(rawValue: 10)
    static let cookieAck = ChunkType(rawValue: 11)
    static let shutdownComplete = ChunkType(rawValue: 14)
    /// RFC 6525 §3.1.
    static let reconfiguration = ChunkType(rawValue: 130)
    /// RFC 3758 §3.2.
    static let forwardTSN = ChunkType(rawValue: 192)

    var actionIfUnknown: UnknownTypeAction { UnknownTypeAction(rawValue: self.rawValue >> 6) ?? .stop }
}

/// The type of a parameter (RFC 9260 §3.2.1 and the registries).
struct ParameterType: RawRepresentable, Hashable {
    var rawValue: UInt16

    static let heartbeatInfo = ParameterType(rawValue: 1)
    static let ipv4Address = ParameterType(rawValue: 5)
    static let ipv6Address = ParameterType(rawValue: 6)
    static let stateCookie = ParameterType(rawValue: 7)
    static let unrecognizedParameter = ParameterType(rawValue: 8)
    static let cookiePreservative = ParameterType(rawValue: 9)
    static let hostNameAddress = ParameterType(rawValue: 11)
    static let supportedAddressTypes = ParameterType(rawValue: 12)
    // RFC 6525 §4.
    static let outgoingReset = ParameterType(rawValue: 13)
    static let incomingReset = ParameterType(rawValue: 14)
    static let associationReset = ParameterType(rawValue: 15)
    static let reconfigurationResponse = ParameterType(rawValue: 16)
    static let addOutgoingStreams = ParameterType(rawValue: 17)
    static let addIncomingStreams = ParameterType(rawValue: 18)
    /// RFC 9260 Appendix of RFC 4960, reserved for ECN.
    static let ecnCapable = ParameterType(rawValue: 0x8000)
    /// RFC 5061 §4.2.7.
    static let supportedExtensions = ParameterType(rawValue: 0x8008)
    /// RFC 3758 §3.1.
    static let forwardTSNSupported = ParameterType(rawValue: 0xC000)

    var actionIfUnknown: UnknownTypeAction {
        UnknownTypeAction(rawValue: UInt8(truncatingIfNeeded: self.rawValue >> 14)) ?? .stop
    }
}

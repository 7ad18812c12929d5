// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The fixed part of INIT and INIT ACK (RFC 9260 §3.3.2, §3.3.3).
///
///     |                         Initiate Tag                          |
///     |           Advertised Receiver Window Credit (a_rwnd)          |
///     |  Number of Outbound Streams   |   Number of Inbound Streams   |
///     |                          Initial TSN                          |
///     |                          Parameters                           |
struct InitHeader: Hashable {
    /// The bytes of the value before the parameters.
    static let byteCount = 16
    /// The least window that a peer may announce (RFC 9260 §3.3.2).
    static let leastWindow: UInt32 = 1_500

    var initiateTag: UInt32
    var advertisedWindow: UInt32
    var outboundStreams: UInt16
    var inboundStreams: UInt16
    var initialTSN: UInt32

    init(
        initiateTag: UInt32, advertisedWindow: UInt32, outboundStreams: UInt16, inboundStreams: UInt16,
        initialTSN: UInt32
    ) {
        self.initiateTag = initiateTag
        self.advertisedWindow = advertisedWindow
        self.outboundStreams = outboundStreams
        self.inboundStreams = inboundStreams
        self.initialTSN = initialTSN
    }

    /// `nil` when the value is too short.
    init?(value: RawSpan) {
        var reader = ByteReader(value)
        guard let tag = reader.readUInt32(), let window = reader.readUInt32(), let outbound = reader.readUInt16(),
            let inbound = reader.readUInt16(), let tsn = reader.readUInt32()
        else { return nil }
        self.init(
            initiateTag: tag, advertisedWindow: window, outboundStreams: outbound, inboundStreams: inbound,
            initialTSN: tsn)
    }

    /// Whether a peer may say this: a window of at least 1,500 bytes and at least one stream each way.
    var isAcceptable: Bool {
        self.advertisedWindow >= Self.leastWindow && self.outboundStreams > 0 && self.inboundStreams > 0
    }

    func write(into writer: inout ByteWriter) {
        writer.write(self.initiateTag)
        writer.write(self.advertisedWindow)
        writer.write(self.outboundStreams)
        writer.write(self.inboundStreams)
        writer.write(self.initialTSN)
    }
}

/// What an INIT or INIT ACK says in its parameters.
struct InitParameters: Hashable {
    /// How many bytes of unknown parameters are kept to be reported.
    static let reportedByteCount = 512

    var capabilities = Capabilities()
    var cookie: [UInt8]?
    /// A host name has no meaning here and must end the attempt (RFC 9260 §3.3.2).
    var hasHostName = false
    /// The unknown parameters that must be reported, whole and padded.
    var unrecognized: [UInt8] = []

    /// `nil` when the parameters do not end where the chunk ends.
    init?(value: RawSpan) {
        guard let bytes = value.slice(min(InitHeader.byteCount, value.byteCount)..<value.byteCount) else { return nil }
        var parameters = TLVIterator(bytes)
        while let parameter = parameters.next() {
            guard self.take(parameter) else { return }
        }
        if parameters.isMalformed { return nil }
    }

    /// Takes in one parameter; `false` when those after it must not be read.
    private mutating func take(_ parameter: borrowing TLV) -> Bool {
        let value = parameter.value
        switch parameter.parameterType {
        case .stateCookie: self.cookie = value.array
        case .hostNameAddress: self.hasHostName = true
        case .forwardTSNSupported: self.capabilities.insert(.forwardTSN)
        case .supportedExtensions:
            for offset in 0..<value.byteCount {
                switch value.byte(at: offset).map(ChunkType.init(rawValue:)) {
                case .reconfiguration: self.capabilities.insert(.reconfiguration)
                case .forwardTSN: self.capabilities.insert(.forwardTSN)
                default: break
                }
            }
        // Over DTLS there are no addresses (RFC 8261 §6.1): they are allowed to stand here, and mean nothing.
        case .ipv4Address, .ipv6Address, .supportedAddressTypes, .cookiePreservative, .ecnCapable,
            .unrecognizedParameter:
            break
        case let unknown:
            let action = unknown.actionIfUnknown
            if action.isReported, self.unrecognized.count + parameter.bytes.byteCount <= Self.reportedByteCount {
                self.unrecognized += parameter.bytes.array
                self.unrecognized += [UInt8](
                    repeating: 0, count: paddedCount(self.unrecognized.count) - self.unrecognized.count)
            }
            return !action.stops
        }
        return true
    }

    /// Writes the parameters that say what we can do.
    static func writeCapabilities(into writer: inout ByteWriter) {
        writer.writeParameter(.forwardTSNSupported)
        writer.writeParameter(.supportedExtensions) {
            $0.write(ChunkType.reconfiguration.rawValue)
            $0.write(ChunkType.forwardTSN.rawValue)
        }
    }
}

/// The extensions that a peer understands.
struct Capabilities: OptionSet, Hashable {
    var rawValue: UInt8
    /// RFC 6525.
    static let reconfiguration = Capabilities(rawValue: 1)
    /// RFC 3758.
    static let forwardTSN = Capabilities(rawValue: 2)
}

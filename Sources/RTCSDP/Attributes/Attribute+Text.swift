// SPDX-License-Identifier: Apache-2.0

extension Attribute: SDPWritable {
    /// Reads what stands after `a=`.
    init(reading fields: inout FieldReader) throws(Expected) {
        guard let name = fields.text(until: UInt8(ascii: ":")), !name.utf8.contains(FieldReader.space) else {
            throw Expected("the name of an attribute")
        }
        if fields.take(UInt8(ascii: ":")) {
            self = try Self(named: name, reading: &fields)
            try fields.finish()
        } else {
            self = Self(flag: name)
        }
    }

    private init(flag name: String) {
        self =
            switch name {
            case "bundle-only": .bundleOnly
            case "ice-lite": .iceLite
            case "end-of-candidates": .endOfCandidates
            case "extmap-allow-mixed": .extensionMapAllowMixed
            case "rtcp-mux": .rtcpMux
            case "rtcp-mux-only": .rtcpMuxOnly
            case "rtcp-rsize": .rtcpReducedSize
            default: MediaDirection(rawValue: name).map { .direction($0) } ?? .other(name: name, value: nil)
            }
    }

    private init(named name: String, reading fields: inout FieldReader) throws(Expected) {
        switch name {
        case "group": self = .group(try GroupAttribute(reading: &fields))
        case "mid": self = .mid(try fields.word("an identification tag"))
        case "msid-semantic": self = .mediaStreamSemantic(try MediaStreamSemanticAttribute(reading: &fields))
        case "msid": self = .mediaStreamID(try MediaStreamIDAttribute(reading: &fields))
        case "ice-ufrag":
            self = .iceUsernameFragment(try readICEText(&fields, count: ICECredentialLimits.usernameFragment))
        case "ice-pwd": self = .icePassword(try readICEText(&fields, count: ICECredentialLimits.password))
        case "ice-options": self = .iceOptions(fields.words())
        case "candidate": self = .candidate(try CandidateAttribute(reading: &fields))
        case "fingerprint": self = .fingerprint(try FingerprintAttribute(reading: &fields))
        case "setup": self = .setup(try SetupRole(reading: &fields))
        case "tls-id": self = .tlsID(try fields.word("an identifier of the DTLS association"))
        case "sctp-port": self = .sctpPort(try readPlainNumber(&fields, in: 0...UInt16.max, "an SCTP port"))
        case "max-message-size":
            self = .maxMessageSize(try readPlainNumber(&fields, in: 0...UInt64.max, "a message size"))
        case "sctpmap": self = .sctpMap(try SCTPMapAttribute(reading: &fields))
        default: self = try Self(mediaNamed: name, reading: &fields)
        }
    }

    private init(mediaNamed name: String, reading fields: inout FieldReader) throws(Expected) {
        switch name {
        case "rtpmap": self = .rtpMap(try RTPMapAttribute(reading: &fields))
        case "fmtp": self = .formatParameters(try FormatParametersAttribute(reading: &fields))
        case "rtcp-fb": self = .feedback(try FeedbackAttribute(reading: &fields))
        case "extmap": self = .extensionMap(try ExtensionMapAttribute(reading: &fields))
        case "rtcp": self = .rtcp(try RTCPAttribute(reading: &fields))
        case "ssrc": self = .source(try SourceAttribute(reading: &fields))
        case "ssrc-group": self = .sourceGroup(try SourceGroupAttribute(reading: &fields))
        case "rid": self = .restriction(try RestrictionAttribute(reading: &fields))
        case "simulcast": self = .simulcast(try SimulcastAttribute(reading: &fields))
        case "ptime": self = .packetTime(try fields.number(in: 1...UInt16.max, "milliseconds"))
        case "maxptime": self = .maxPacketTime(try fields.number(in: 1...UInt16.max, "milliseconds"))
        default: self = .other(name: name, value: fields.rest())
        }
    }

    /// Writes what stands after `a=`.
    func write(to writer: inout SDPWriter) {
        switch self {
        case .group(let value): writer.write("group:", value)
        case .mid(let mid): writer.write("mid:\(mid)")
        case .mediaStreamSemantic(let value): writer.write("msid-semantic:", value)
        case .mediaStreamID(let value): writer.write("msid:", value)
        case .bundleOnly: writer.write("bundle-only")
        case .iceUsernameFragment(let text): writer.write("ice-ufrag:\(text)")
        case .icePassword(let text): writer.write("ice-pwd:\(text)")
        case .iceOptions(let options): writer.write("ice-options:" + options.joined(separator: " "))
        case .iceLite: writer.write("ice-lite")
        case .candidate(let value): writer.write("candidate:", value)
        case .endOfCandidates: writer.write("end-of-candidates")
        case .fingerprint(let value): writer.write("fingerprint:", value)
        case .setup(let role): writer.write("setup:\(role.rawValue)")
        case .tlsID(let text): writer.write("tls-id:\(text)")
        case .sctpPort(let port): writer.write("sctp-port:\(port)")
        case .maxMessageSize(let size): writer.write("max-message-size:\(size)")
        case .sctpMap(let value): writer.write("sctpmap:", value)
        case .direction(let direction): writer.write(direction.rawValue)
        case .rtpMap(let value): writer.write("rtpmap:", value)
        case .formatParameters(let value): writer.write("fmtp:", value)
        case .feedback(let value): writer.write("rtcp-fb:", value)
        case .extensionMap(let value): writer.write("extmap:", value)
        case .extensionMapAllowMixed: writer.write("extmap-allow-mixed")
        case .rtcp(let value): writer.write("rtcp:", value)
        case .rtcpMux: writer.write("rtcp-mux")
        case .rtcpMuxOnly: writer.write("rtcp-mux-only")
        case .rtcpReducedSize: writer.write("rtcp-rsize")
        case .source(let value): writer.write("ssrc:", value)
        case .sourceGroup(let value): writer.write("ssrc-group:", value)
        case .restriction(let value): writer.write("rid:", value)
        case .simulcast(let value): writer.write("simulcast:", value)
        case .packetTime(let time): writer.write("ptime:\(time)")
        case .maxPacketTime(let time): writer.write("maxptime:\(time)")
        case .other(let name, let value):
            writer.write(name)
            guard let value else { return }
            writer.write(":")
            writer.write(value)
        }
    }

    /// A number for each attribute that may stand only once in a section; `nil` for the others.
    var onceOnly: Int? {
        switch self {
        case .mid: 0
        case .iceUsernameFragment: 1
        case .icePassword: 2
        case .setup: 3
        case .tlsID: 4
        case .sctpPort: 5
        case .maxMessageSize: 6
        case .simulcast: 7
        default: nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// An RTP payload type in an attribute: a number, or `*` for all.
package enum PayloadTypeSelector: Hashable, Sendable {
    case all
    case one(UInt8)

    init(reading fields: inout FieldReader) throws(Expected) {
        fields.skipSpaces()
        self = fields.take(UInt8(ascii: "*")) ? .all : .one(try fields.number(in: 0...127, "a payload type"))
    }

    func write(to writer: inout SDPWriter) {
        switch self {
        case .all: writer.write("*")
        case .one(let type): writer.write(type)
        }
    }
}

/// What a payload type means, `rtpmap:<type> <encoding>/<clock>[/<channels>]` (RFC 8866 §6.6).
package struct RTPMapAttribute: Hashable, Sendable, SDPWritable {
    package var payloadType: UInt8
    /// The encoding's name as written; names compare without regard to case.
    package var encoding: String
    /// Ticks a second, at least 1.
    package var clockRate: UInt32
    /// 1 to 64, when it is written.
    package var channels: UInt8?

    package init(payloadType: UInt8, encoding: String, clockRate: UInt32, channels: UInt8? = nil) {
        self.payloadType = payloadType
        self.encoding = encoding
        self.clockRate = clockRate
        self.channels = channels
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.payloadType = try fields.number(in: 0...127, "a payload type")
        fields.skipSpaces()
        let slash = UInt8(ascii: "/")
        guard let encoding = fields.text(until: slash, FieldReader.space), fields.take(slash),
            let clockRate = fields.number(in: 1...UInt32.max)
        else { throw Expected("an encoding, a slash and a clock rate of at least 1") }
        self.encoding = encoding
        self.clockRate = clockRate
        self.channels = fields.take(slash) ? try fields.number(in: 1...64, "a number of channels") : nil
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.payloadType)
        writer.writeWord(self.encoding)
        writer.write("/")
        writer.write(self.clockRate)
        if let channels = self.channels {
            writer.write("/")
            writer.write(channels)
        }
    }
}

/// The parameters of a format, `fmtp:<format> <parameters>` (RFC 8866 §6.15).
package struct FormatParametersAttribute: Hashable, Sendable, SDPWritable {
    /// A payload type, or another word for media that is not RTP.
    package var format: String
    /// The parameters as they came, usually `name=value;…`.
    package var parameters: String

    package init(format: String, parameters: String) {
        self.format = format
        self.parameters = parameters
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        let format = try fields.word("a format")
        let isNumber = format.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard !isNumber || UInt8(format).map({ $0 < 128 }) == true else {
            throw Expected("a payload type from 0 to 127")
        }
        self.format = format
        fields.skipSpaces()
        self.parameters = fields.rest()
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.format)
        writer.writeWord(self.parameters)
    }
}

/// A kind of feedback, `rtcp-fb:<type or *> <kind> [<parameters>]` (RFC 4585 §4.2).
package struct FeedbackAttribute: Hashable, Sendable, SDPWritable {
    package var payloadType: PayloadTypeSelector
    /// `nack`, `ccm`, `transport-cc`, …
    package var kind: String
    /// `pli`, `fir`, …; as it came.
    package var parameters: String?

    package init(payloadType: PayloadTypeSelector, kind: String, parameters: String? = nil) {
        self.payloadType = payloadType
        self.kind = kind
        self.parameters = parameters
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.payloadType = try PayloadTypeSelector(reading: &fields)
        self.kind = try fields.word("a kind of feedback")
        fields.skipSpaces()
        self.parameters = fields.isAtEnd ? nil : fields.rest()
    }

    func write(to writer: inout SDPWriter) {
        self.payloadType.write(to: &writer)
        writer.writeWord(self.kind)
        if let parameters = self.parameters { writer.writeWord(parameters) }
    }
}

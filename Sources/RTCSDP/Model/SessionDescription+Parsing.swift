// SPDX-License-Identifier: Apache-2.0

extension SessionDescription {
    /// Parses a text; every line must be right, unknown attributes are kept (RFC 8829 §5.8).
    ///
    /// The work is linear in the size of the text. Throws the first mistake, with its line.
    package init(parsing text: String, limits: SDPLimits = .standard) throws(SDPError) {
        guard text.utf8.count <= limits.bytes else {
            throw SDPError(kind: .limit, line: 0, text: "", expected: "at most \(limits.bytes) bytes")
        }
        var parser = DescriptionParser(lines: try LineReader(Array(text.utf8), limits: limits), limits: limits)
        self = try parser.parse()
    }

    /// Parses bytes that must be UTF-8.
    package init(parsing bytes: [UInt8], limits: SDPLimits = .standard) throws(SDPError) {
        guard bytes.count <= limits.bytes else {
            throw SDPError(kind: .limit, line: 0, text: "", expected: "at most \(limits.bytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SDPError(line: 0, text: "", expected: "text in UTF-8")
        }
        try self.init(parsing: text, limits: limits)
    }
}

/// Reads a description line by line.
private struct DescriptionParser {
    var lines: LineReader
    let limits: SDPLimits
    private var candidates = 0
    /// One bit for each attribute of the present section that may stand only once.
    private var seen: UInt = 0

    init(lines: LineReader, limits: SDPLimits) {
        self.lines = lines
        self.limits = limits
    }

    mutating func parse() throws(SDPError) -> SessionDescription {
        guard var version = try self.value(of: "v", "v=0 as the first line"), version.take(prefix: "0"), version.isAtEnd
        else { throw self.lines.error(expected: "v=0 as the first line") }
        guard var originFields = try self.value(of: "o", "the origin, \"o=…\"") else {
            throw self.lines.error(expected: "the origin, \"o=…\"")
        }
        let origin = try self.read(&originFields) { fields throws(Expected) in try Origin(reading: &fields) }
        var session = SessionDescription(origin: origin)
        guard var nameFields = try self.value(of: "s", "the session's name, \"s=…\"") else {
            throw self.lines.error(expected: "the session's name, \"s=…\"")
        }
        session.name = nameFields.rest()
        session.times = []
        while let line = try self.lines.next() {
            var fields = self.lines.fields(of: line)
            if line.type == UInt8(ascii: "m") {
                try self.requireTime(in: session)
                guard session.media.count < self.limits.mediaSections else {
                    throw self.lines.overLimit("at most \(self.limits.mediaSections) media sections")
                }
                let media = try self.read(&fields) { fields throws(Expected) in try MediaLine(reading: &fields) }
                session.media.append(MediaSection(line: media))
                self.seen = 0
            } else if session.media.isEmpty {
                try self.readSessionLine(line.type, &fields, into: &session)
            } else {
                try self.readMediaLine(line.type, &fields, into: &session.media[session.media.count - 1])
            }
        }
        try self.requireTime(in: session)
        return session
    }

    private func requireTime(in session: SessionDescription) throws(SDPError) {
        guard session.times.isEmpty else { return }
        throw self.lines.error(expected: "a time line, \"t=0 0\", before the media and the end")
    }

    /// The fields of the next line, which must have this letter.
    private mutating func value(of type: Character, _ what: String) throws(SDPError) -> FieldReader? {
        guard let line = try self.lines.next(), line.type == type.asciiValue else { return nil }
        return self.lines.fields(of: line)
    }

    /// Runs the reader of a line's fields to the end of the line.
    private func read<Value>(
        _ fields: inout FieldReader, with body: (inout FieldReader) throws(Expected) -> Value
    ) throws(SDPError) -> Value {
        do throws(Expected) {
            let value = try body(&fields)
            try fields.finish()
            return value
        } catch {
            throw self.lines.error(expected: error.what)
        }
    }

    /// A line between `s=` and the first `m=`. They may come in any order, as people who edit texts leave them.
    private mutating func readSessionLine(
        _ type: UInt8, _ fields: inout FieldReader, into session: inout SessionDescription
    ) throws(SDPError) {
        switch type {
        case UInt8(ascii: "a"): try self.readAttribute(&fields, into: &session.attributes)
        case UInt8(ascii: "b"): session.bandwidths.append(try self.readBandwidth(&fields))
        case UInt8(ascii: "c"): session.connections.append(try self.readConnection(&fields))
        case UInt8(ascii: "t"):
            var look = fields
            _ = try self.read(&look) { fields throws(Expected) in
                _ = try fields.number(in: 0...UInt64.max, "a start time")
                return try fields.number(in: 0...UInt64.max, "a stop time")
            }
            session.times.append(OtherLine(type: "t", value: fields.rest()))
        case UInt8(ascii: "r") where !session.times.isEmpty, UInt8(ascii: "z") where !session.times.isEmpty:
            session.times.append(self.other(type, &fields))
        case UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "e"), UInt8(ascii: "p"):
            session.information.append(self.other(type, &fields))
        case UInt8(ascii: "k"): session.keys.append(self.other(type, &fields))
        default: throw self.lines.error(expected: "a line of the session: i, u, e, p, c, b, t, r, z, k, a or m")
        }
    }

    /// A line after an `m=` line.
    private mutating func readMediaLine(
        _ type: UInt8, _ fields: inout FieldReader, into section: inout MediaSection
    ) throws(SDPError) {
        switch type {
        case UInt8(ascii: "a"): try self.readAttribute(&fields, into: &section.attributes)
        case UInt8(ascii: "b"): section.bandwidths.append(try self.readBandwidth(&fields))
        case UInt8(ascii: "c"): section.connections.append(try self.readConnection(&fields))
        case UInt8(ascii: "i"): section.information.append(self.other(type, &fields))
        case UInt8(ascii: "k"): section.keys.append(self.other(type, &fields))
        default: throw self.lines.error(expected: "a line of a media section: i, c, b, k, a or m")
        }
    }

    private mutating func readAttribute(
        _ fields: inout FieldReader, into attributes: inout [Attribute]
    ) throws(SDPError) {
        let attribute = try self.read(&fields) { fields throws(Expected) in try Attribute(reading: &fields) }
        if case .candidate = attribute {
            self.candidates &+= 1
            guard self.candidates <= self.limits.candidates else {
                throw self.lines.overLimit("at most \(self.limits.candidates) candidates")
            }
        }
        if let number = attribute.onceOnly {
            guard self.seen & (1 << number) == 0 else { throw self.lines.error(expected: "this attribute only once") }
            self.seen |= 1 << number
        }
        attributes.append(attribute)
    }

    private func readBandwidth(_ fields: inout FieldReader) throws(SDPError) -> Bandwidth {
        try self.read(&fields) { fields throws(Expected) in try Bandwidth(reading: &fields) }
    }

    private func readConnection(_ fields: inout FieldReader) throws(SDPError) -> ConnectionData {
        try self.read(&fields) { fields throws(Expected) in try ConnectionData(reading: &fields) }
    }

    private func other(_ type: UInt8, _ fields: inout FieldReader) -> OtherLine {
        OtherLine(type: Character(Unicode.Scalar(type)), value: fields.rest())
    }
}

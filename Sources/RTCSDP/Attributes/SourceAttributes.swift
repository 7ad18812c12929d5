// SPDX-License-Identifier: Apache-2.0

/// A property of a source, `ssrc:<ssrc> <name>[:<value>]` (RFC 5576 §4.1).
package struct SourceAttribute: Hashable, Sendable, SDPWritable {
    package var ssrc: UInt32
    package var name: String
    package var value: String?

    package init(ssrc: UInt32, name: String, value: String? = nil) {
        self.ssrc = ssrc
        self.name = name
        self.value = value
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.ssrc = try fields.number(in: 0...UInt32.max, "an SSRC")
        fields.skipSpaces()
        guard let name = fields.text(until: UInt8(ascii: ":"), FieldReader.space) else {
            throw Expected("a property of the source, such as cname")
        }
        self.name = name
        self.value = fields.take(UInt8(ascii: ":")) ? fields.rest() : nil
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.ssrc)
        writer.writeWord(self.name)
        guard let value = self.value else { return }
        writer.write(":")
        writer.write(value)
    }
}

/// A group of sources, `ssrc-group:<semantics> <ssrc> …` (RFC 5576 §4.2).
package struct SourceGroupAttribute: Hashable, Sendable, SDPWritable {
    /// `FID`, `SIM`, `FEC-FR`, …
    package var semantics: String
    package var ssrcs: [UInt32]

    package init(semantics: String, ssrcs: [UInt32]) {
        self.semantics = semantics
        self.ssrcs = ssrcs
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.semantics = try fields.word("the semantics of the group, such as FID")
        self.ssrcs = []
        fields.skipSpaces()
        while !fields.isAtEnd {
            self.ssrcs.append(try fields.number(in: 0...UInt32.max, "an SSRC"))
            fields.skipSpaces()
        }
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.semantics)
        writer.writeWords(self.ssrcs.lazy.map { String($0) })
    }
}

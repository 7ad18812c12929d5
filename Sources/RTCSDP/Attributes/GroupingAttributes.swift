// SPDX-License-Identifier: Apache-2.0

/// A group of media sections, `group:<semantics> <mid> …` (RFC 5888 §5).
package struct GroupAttribute: Hashable, Sendable, SDPWritable {
    package var semantics: String
    /// The identification tags; there may be none.
    package var mids: [String]

    package init(semantics: String = "BUNDLE", mids: [String]) {
        self.semantics = semantics
        self.mids = mids
    }

    /// Whether this is a BUNDLE group (RFC 9143 §5).
    package var isBundle: Bool { self.semantics == "BUNDLE" }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.semantics = try fields.word("the semantics of the group, such as BUNDLE")
        self.mids = fields.words()
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.semantics)
        writer.writeWords(self.mids)
    }
}

/// The streams of a session, `msid-semantic: WMS <id> …`; `*` stands for all (an expired draft that the browsers keep).
package struct MediaStreamSemanticAttribute: Hashable, Sendable, SDPWritable {
    package var semantic: String
    package var streams: [String]

    package init(semantic: String = "WMS", streams: [String]) {
        self.semantic = semantic
        self.streams = streams
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.semantic = try fields.word("the semantic WMS")
        self.streams = fields.words()
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.semantic)
        writer.writeWords(self.streams)
    }
}

/// The stream and track of a section, `msid:<stream> [<track>]` (RFC 8830 §2).
package struct MediaStreamIDAttribute: Hashable, Sendable, SDPWritable {
    /// The stream's identifier; `-` for no stream.
    package var stream: String
    package var track: String?

    package init(stream: String, track: String? = nil) {
        self.stream = stream
        self.track = track
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.stream = try fields.word("a stream identifier")
        self.track = fields.word()
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.stream)
        if let track = self.track { writer.writeWord(track) }
    }
}

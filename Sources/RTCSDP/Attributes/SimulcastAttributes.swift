// SPDX-License-Identifier: Apache-2.0

/// The direction of a restricted or simulcast stream.
package enum StreamDirection: String, Hashable, Sendable {
    case send, recv
}

/// A restricted stream, `rid:<id> <send|recv> [<restrictions>]` (RFC 8851 §10).
package struct RestrictionAttribute: Hashable, Sendable, SDPWritable {
    package var id: String
    package var direction: StreamDirection
    /// The restrictions as they came, such as `pt=96;max-width=640`.
    package var restrictions: String?

    package init(id: String, direction: StreamDirection, restrictions: String? = nil) {
        self.id = id
        self.direction = direction
        self.restrictions = restrictions
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.id = try fields.word("a restriction identifier")
        guard isRestrictionID(self.id) else { throw Expected("an identifier of letters, digits, - and _") }
        guard let direction = StreamDirection(rawValue: try fields.word("send or recv")) else {
            throw Expected("send or recv")
        }
        self.direction = direction
        fields.skipSpaces()
        self.restrictions = fields.isAtEnd ? nil : fields.rest()
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.id)
        writer.writeWord(self.direction.rawValue)
        if let restrictions = self.restrictions { writer.writeWord(restrictions) }
    }
}

/// The simulcast streams of a section, `simulcast:<direction> <list> [<direction> <list>]` (RFC 8853 §5.1).
package struct SimulcastAttribute: Hashable, Sendable, SDPWritable {
    /// One alternative of a stream.
    package struct Alternative: Hashable, Sendable {
        package var id: String
        /// Whether it starts paused (`~`).
        package var isPaused: Bool

        package init(id: String, isPaused: Bool = false) {
            self.id = id
            self.isPaused = isPaused
        }
    }
    /// The streams of one direction; each is a list of alternatives in order of preference.
    package struct Streams: Hashable, Sendable {
        package var direction: StreamDirection
        package var streams: [[Alternative]]

        package init(direction: StreamDirection, streams: [[Alternative]]) {
            self.direction = direction
            self.streams = streams
        }
    }

    /// One or two lists, of different directions.
    package var lists: [Streams]

    package init(lists: [Streams]) { self.lists = lists }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.lists = []
        fields.skipSpaces()
        while !fields.isAtEnd {
            guard let direction = StreamDirection(rawValue: try fields.word("send or recv")) else {
                throw Expected("send or recv")
            }
            guard !self.lists.contains(where: { $0.direction == direction }) else {
                throw Expected("each direction once")
            }
            fields.skipSpaces()
            self.lists.append(Streams(direction: direction, streams: try Self.readStreams(&fields)))
            fields.skipSpaces()
        }
        guard !self.lists.isEmpty else { throw Expected("send or recv and a list of streams") }
    }

    private static func readStreams(_ fields: inout FieldReader) throws(Expected) -> [[Alternative]] {
        var streams: [[Alternative]] = []
        repeat {
            var alternatives: [Alternative] = []
            repeat {
                let isPaused = fields.take(UInt8(ascii: "~"))
                let id = fields.text(until: UInt8(ascii: ","), UInt8(ascii: ";"), FieldReader.space)
                guard let id, isRestrictionID(id) else { throw Expected("a restriction identifier") }
                alternatives.append(Alternative(id: id, isPaused: isPaused))
            } while fields.take(UInt8(ascii: ","))
            streams.append(alternatives)
        } while fields.take(UInt8(ascii: ";"))
        return streams
    }

    func write(to writer: inout SDPWriter) {
        for (index, list) in self.lists.enumerated() {
            if index > 0 { writer.write(" ") }
            writer.write(list.direction.rawValue)
            let streams = list.streams.map { alternatives in
                alternatives.map { ($0.isPaused ? "~" : "") + $0.id }.joined(separator: ",")
            }
            writer.writeWord(streams.joined(separator: ";"))
        }
    }
}

/// Whether `text` is a rid-id of RFC 8851 §10, in the length that an RTP header extension can carry.
func isRestrictionID(_ text: String) -> Bool {
    (1...255).contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
}

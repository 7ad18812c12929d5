// SPDX-License-Identifier: Apache-2.0

/// A media line, `m=<media> <port>[/<number of ports>] <proto> <fmt> …` (RFC 8866 §5.14).
package struct MediaLine: Hashable, Sendable, SDPWritable {
    /// The kind: `audio`, `video`, `application` or another word.
    package var media: String
    /// The port; 0 rejects the section unless it is bundle-only (RFC 9143 §6).
    package var port: UInt16
    /// The number of ports, when it is written.
    package var portCount: UInt16?
    /// The transport, such as `UDP/TLS/RTP/SAVPF`, spelled as it came.
    package var proto: String
    /// The formats: payload types for RTP, `webrtc-datachannel` for SCTP.
    package var formats: [String]

    package init(media: String, port: UInt16, proto: String, formats: [String]) {
        self.media = media
        self.port = port
        self.portCount = nil
        self.proto = proto
        self.formats = formats
    }

    /// Whether the transport is one of the RTP profiles, in whatever case it is written.
    package var isRTP: Bool {
        let proto = self.proto.uppercased()
        return proto.hasPrefix("RTP/") || proto.contains("/RTP/")
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.media = try fields.word("a kind of media")
        guard let port = fields.number(in: 0...UInt16.max) else {
            throw Expected("a port, a number from 0 to 65535")
        }
        self.port = port
        self.portCount = nil
        if fields.take(UInt8(ascii: "/")) {
            self.portCount = try fields.number(in: 1...UInt16.max, "a number of ports")
        }
        guard fields.isAtEnd || fields.next == FieldReader.space else {
            throw Expected("a port, a number from 0 to 65535")
        }
        self.proto = try fields.word("a transport, such as UDP/TLS/RTP/SAVPF")
        self.formats = fields.words()
        guard !self.formats.isEmpty else { throw Expected("at least one format after the transport") }
        if self.isRTP { self.formats = try Self.payloadTypes(self.formats) }
    }

    /// RTP formats are payload types, 0 to 127.
    ///
    /// One that is named again says nothing new: Pion answers so when two formats of an offer fit one of its own.
    private static func payloadTypes(_ formats: [String]) throws(Expected) -> [String] {
        var seen: [Bool] = Array(repeating: false, count: 128)
        var unique: [String] = []
        for format in formats {
            guard let type = UInt8(format), type < 128, format.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw Expected("payload types from 0 to 127, not \"\(format.prefix(16))\"")
            }
            if !seen[Int(type)] { unique.append(format) }
            seen[Int(type)] = true
        }
        return unique
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.media)
        writer.writeWord(String(self.port))
        if let portCount = self.portCount {
            writer.write("/")
            writer.write(portCount)
        }
        writer.writeWord(self.proto)
        writer.writeWords(self.formats)
    }
}

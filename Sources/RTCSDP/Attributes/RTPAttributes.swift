// SPDX-License-Identifier: Apache-2.0

/// In which direction media flows, seen by who wrote the description (RFC 8866 §6.7).
package enum MediaDirection: String, Hashable, Sendable, CaseIterable {
    case sendrecv, sendonly, recvonly, inactive
}

/// An RTP header extension, `extmap:<id>[/<direction>] <uri> [<attributes>]` (RFC 8285 §8).
package struct ExtensionMapAttribute: Hashable, Sendable, SDPWritable {
    /// 1 to 255, or 4096 to 4351 in an offer with more extensions than identifiers (RFC 8285 §6).
    package var id: UInt16
    package var direction: MediaDirection?
    package var uri: String
    package var attributes: String?

    package init(id: UInt16, direction: MediaDirection? = nil, uri: String, attributes: String? = nil) {
        self.id = id
        self.direction = direction
        self.uri = uri
        self.attributes = attributes
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        guard let id = fields.number(in: UInt16(1)...4351), id <= 255 || id >= 4096 else {
            throw Expected("an identifier from 1 to 255, or from 4096 to 4351")
        }
        self.id = id
        self.direction = nil
        if fields.take(UInt8(ascii: "/")) {
            guard let direction = MediaDirection(rawValue: try fields.word("a direction")) else {
                throw Expected("sendrecv, sendonly, recvonly or inactive")
            }
            self.direction = direction
        }
        guard fields.isAtEnd || fields.next == FieldReader.space else { throw Expected("a space after the identifier") }
        self.uri = try fields.word("the URI of a header extension")
        fields.skipSpaces()
        self.attributes = fields.isAtEnd ? nil : fields.rest()
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.id)
        if let direction = self.direction {
            writer.write("/")
            writer.write(direction.rawValue)
        }
        writer.writeWord(self.uri)
        if let attributes = self.attributes { writer.writeWord(attributes) }
    }
}

/// Where RTCP goes when it is not multiplexed, `rtcp:<port> [<nettype> <addrtype> <address>]` (RFC 3605 §2.1).
package struct RTCPAttribute: Hashable, Sendable, SDPWritable {
    package var port: UInt16
    package var connection: ConnectionData?

    package init(port: UInt16, connection: ConnectionData? = nil) {
        self.port = port
        self.connection = connection
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.port = try fields.number(in: 0...UInt16.max, "a port")
        fields.skipSpaces()
        self.connection = fields.isAtEnd ? nil : try ConnectionData(reading: &fields)
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.port)
        guard let connection = self.connection else { return }
        writer.write(" ")
        connection.write(to: &writer)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Who opens the DTLS connection (RFC 4145 §4, RFC 8842 §5).
package enum SetupRole: String, Hashable, Sendable, CaseIterable {
    case active, passive, actpass, holdconn

    init(reading fields: inout FieldReader) throws(Expected) {
        guard let role = SetupRole(rawValue: try fields.word("a role")) else {
            throw Expected("active, passive, actpass or holdconn")
        }
        self = role
    }
}

/// Reads an ICE user name fragment or password: ice-chars of the right number (RFC 8839 §5.4).
func readICEText(_ fields: inout FieldReader, count: ClosedRange<Int>) throws(Expected) -> String {
    let what = "\(count.lowerBound) to \(count.upperBound) characters"
    let text = try fields.word(what)
    guard count.contains(text.utf8.count) else { throw Expected(what) }
    return text
}

/// The limits of the ICE credentials (RFC 8839 §5.4).
package enum ICECredentialLimits {
    /// Characters of `ice-ufrag`.
    package static let usernameFragment = 4...256
    /// Characters of `ice-pwd`.
    package static let password = 22...256
}

/// A legacy SCTP map, `sctpmap:<port> <application> [<streams>]` (draft-ietf-mmusic-sctp-sdp-05 and before).
package struct SCTPMapAttribute: Hashable, Sendable, SDPWritable {
    package var port: UInt16
    package var application: String
    package var streams: UInt32?

    package init(port: UInt16, application: String = "webrtc-datachannel", streams: UInt32? = 1024) {
        self.port = port
        self.application = application
        self.streams = streams
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.port = try fields.number(in: 0...UInt16.max, "an SCTP port")
        self.application = try fields.word("webrtc-datachannel")
        fields.skipSpaces()
        self.streams = fields.isAtEnd ? nil : try fields.number(in: 0...UInt32.max, "a number of streams")
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.port)
        writer.writeWord(self.application)
        if let streams = self.streams { writer.writeWord(String(streams)) }
    }
}

/// Reads a number that must not begin with a zero unless it is zero (RFC 8841 §5.2, §6.1).
func readPlainNumber<Number: FixedWidthInteger>(
    _ fields: inout FieldReader, in range: ClosedRange<Number>, _ what: String
) throws(Expected) -> Number {
    var look = fields
    look.skipSpaces()
    let startsWithZero = look.take(UInt8(ascii: "0"))
    let value = try fields.number(in: range, what)
    guard !startsWithZero || value == 0 && look.isAtEnd else { throw Expected("\(what) without leading zeros") }
    return value
}

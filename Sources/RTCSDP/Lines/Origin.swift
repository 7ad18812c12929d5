// SPDX-License-Identifier: Apache-2.0

/// The origin line, `o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>` (RFC 8866 §5.2).
package struct Origin: Hashable, Sendable, SDPWritable {
    package var username: String
    /// The same for the life of a session.
    package var sessionID: UInt64
    /// One more with each change.
    package var sessionVersion: UInt64
    package var networkType: String
    package var addressType: String
    package var address: String

    /// An origin as RFC 8829 §5.2.1 asks for it: nothing in it tells who or where we are.
    package init(sessionID: UInt64, sessionVersion: UInt64) {
        self.username = "-"
        self.sessionID = sessionID
        self.sessionVersion = sessionVersion
        self.networkType = "IN"
        self.addressType = "IP4"
        self.address = "127.0.0.1"
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.username = try fields.word("a user name")
        self.sessionID = try fields.number(in: 0...UInt64.max, "a session id")
        self.sessionVersion = try fields.number(in: 0...UInt64.max, "a session version")
        self.networkType = try fields.word("a network type, usually IN")
        self.addressType = try fields.word("an address type, IP4 or IP6")
        self.address = try fields.word("an address")
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.username)
        writer.writeWord(String(self.sessionID))
        writer.writeWord(String(self.sessionVersion))
        writer.writeWords([self.networkType, self.addressType, self.address])
    }
}

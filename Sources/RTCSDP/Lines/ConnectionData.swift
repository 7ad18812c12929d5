// SPDX-License-Identifier: Apache-2.0

/// A connection line, `c=<nettype> <addrtype> <address>` (RFC 8866 §5.7). With ICE its value is of no consequence.
package struct ConnectionData: Hashable, Sendable, SDPWritable {
    package var networkType: String
    package var addressType: String
    package var address: String

    package init(networkType: String = "IN", addressType: String, address: String) {
        self.networkType = networkType
        self.addressType = addressType
        self.address = address
    }

    /// The address that stands for "not known yet" (RFC 8829 §5.2.1).
    package static let unspecified = ConnectionData(addressType: "IP4", address: "0.0.0.0")

    init(reading fields: inout FieldReader) throws(Expected) {
        self.networkType = try fields.word("a network type, usually IN")
        self.addressType = try fields.word("an address type, IP4 or IP6")
        self.address = try fields.word("an address")
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.networkType)
        writer.writeWords([self.addressType, self.address])
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A bandwidth line, `b=<bwtype>:<bandwidth>` (RFC 8866 §5.8).
package struct Bandwidth: Hashable, Sendable, SDPWritable {
    /// `AS` and `CT` count kilobits a second, `TIAS` bits a second (RFC 3890); others are kept.
    package var type: String
    package var value: UInt64

    package init(type: String, value: UInt64) {
        self.type = type
        self.value = value
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        guard let type = fields.text(until: UInt8(ascii: ":"), FieldReader.space), fields.take(UInt8(ascii: ":"))
        else { throw Expected("a bandwidth type and a colon, such as \"AS:\"") }
        self.type = type
        self.value = try fields.number(in: 0...UInt64.max, "a bandwidth")
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.type)
        writer.write(":")
        writer.write(self.value)
    }
}

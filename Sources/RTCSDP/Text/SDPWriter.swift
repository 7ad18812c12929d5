// SPDX-License-Identifier: Apache-2.0

/// What has a text of its own in a line.
protocol SDPWritable {
    func write(to writer: inout SDPWriter)
}

/// Builds the text of a description.
///
/// Texts may come from anywhere, so the characters that would start a new line are left out.
struct SDPWriter {
    private var bytes: [UInt8] = []

    /// What has been written.
    var text: String { String(decoding: self.bytes, as: UTF8.self) }

    init(capacity: Int = 0) { self.bytes.reserveCapacity(capacity) }

    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            if utf8.contains(where: Self.breaksLine) {
                self.bytes.append(contentsOf: utf8.lazy.filter { !Self.breaksLine($0) })
            } else {
                self.bytes.append(contentsOf: utf8)
            }
        }
    }

    /// Writes `name` and then `value`.
    mutating func write(_ name: String, _ value: some SDPWritable) {
        self.write(name)
        value.write(to: &self)
    }

    private static func breaksLine(_ byte: UInt8) -> Bool { byte == 0 || byte == 0x0A || byte == 0x0D }

    mutating func write(_ number: some BinaryInteger) { self.write(String(number)) }

    /// Writes a space and `text`.
    mutating func writeWord(_ text: String) {
        self.bytes.append(FieldReader.space)
        self.write(text)
    }

    /// Writes a space and each of `words`.
    mutating func writeWords(_ words: some Sequence<String>) {
        for word in words { self.writeWord(word) }
    }

    /// Writes a byte as two upper-case hexadecimal digits.
    mutating func writeHex(_ byte: UInt8) {
        for digit in [byte >> 4, byte & 15] {
            self.bytes.append(digit < 10 ? 0x30 &+ digit : 0x37 &+ digit)
        }
    }

    /// Ends the line with CRLF.
    mutating func endLine() { self.bytes.append(contentsOf: [0x0D, 0x0A]) }
}

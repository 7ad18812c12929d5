// SPDX-License-Identifier: Apache-2.0

/// Cuts a text into its lines and checks the budgets; each byte is looked at once.
///
/// A line is `type "=" value` and ends with CRLF or LF; the last one may lack its end (RFC 8866 §5 asks for CRLF
/// and tolerance). A NUL or a CR inside a line is an error. Empty lines may stand at the very end only.
struct LineReader {
    /// One line: its letter, and the bytes after the equals sign.
    struct Line {
        let type: UInt8
        let value: Range<Int>
    }

    let bytes: [UInt8]
    private let limits: SDPLimits
    private var position = 0
    /// The number of the last line read, from 1.
    private(set) var number = 0
    /// The bytes of the last line read.
    private(set) var range = 0..<0

    init(_ bytes: [UInt8], limits: SDPLimits) throws(SDPError) {
        guard bytes.count <= limits.bytes else {
            throw SDPError(kind: .limit, line: 0, text: "", expected: "at most \(limits.bytes) bytes")
        }
        self.bytes = bytes
        self.limits = limits
    }

    /// The next line, or `nil` at the end of the text.
    mutating func next() throws(SDPError) -> Line? {
        guard self.position < self.bytes.count else { return nil }
        let start = self.position
        self.number &+= 1
        guard self.number <= self.limits.lines else { throw self.overLimit("at most \(self.limits.lines) lines") }
        let cut = self.findEnd(from: start)
        self.range = start..<cut.end
        self.position = cut.next
        guard self.range.count <= self.limits.lineBytes else {
            throw self.overLimit("a line of at most \(self.limits.lineBytes) bytes")
        }
        guard !cut.hasControl else { throw self.error(expected: "a line without NUL or a lone carriage return") }
        if self.range.isEmpty {
            guard self.bytes[self.position...].allSatisfy({ $0 == 0x0A || $0 == 0x0D }) else {
                throw self.error(expected: "a line such as \"a=…\", not an empty one")
            }
            self.position = self.bytes.count
            return nil
        }
        guard self.range.count >= 2, self.bytes[start &+ 1] == UInt8(ascii: "=") else {
            throw self.error(expected: "a letter and an equals sign")
        }
        return Line(type: self.bytes[start], value: (start &+ 2)..<cut.end)
    }

    private func findEnd(from start: Int) -> (end: Int, next: Int, hasControl: Bool) {
        var index = start
        var hasControl = false
        while index < self.bytes.count, self.bytes[index] != 0x0A {
            let byte = self.bytes[index]
            if byte == 0 { hasControl = true }
            if byte == 0x0D {
                let isLineEnd = index &+ 1 == self.bytes.count || self.bytes[index &+ 1] == 0x0A
                if isLineEnd { return (index, min(index &+ 2, self.bytes.count), hasControl) }
                hasControl = true
            }
            index &+= 1
        }
        return (index, min(index &+ 1, self.bytes.count), hasControl)
    }

    /// A reader of the fields of `line`.
    func fields(of line: Line) -> FieldReader { FieldReader(self.bytes, range: line.value) }

    /// An error about the last line read.
    func error(expected: String) -> SDPError { self.error(.syntax, expected) }

    /// A budget broken by the last line read.
    func overLimit(_ expected: String) -> SDPError { self.error(.limit, expected) }

    private func error(_ kind: SDPError.Kind, _ expected: String) -> SDPError {
        let text = String(decoding: self.bytes[self.range.prefix(SDPError.maximumTextLength)], as: UTF8.self)
        return SDPError(kind: kind, line: self.number, text: text, expected: expected)
    }
}

extension Range<Int> {
    fileprivate func prefix(_ count: Int) -> Range<Int> {
        self.lowerBound..<Swift.min(self.upperBound, self.lowerBound &+ count)
    }
}

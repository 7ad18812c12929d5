// SPDX-License-Identifier: Apache-2.0

/// A cursor over the bytes of one line, for reading words and numbers.
///
/// Each read that fails leaves the cursor where it was. The bytes are known to be UTF-8 without control characters
/// other than tab, and each cut is made beside an ASCII character, so the texts taken are whole.
struct FieldReader {
    static let space = UInt8(ascii: " ")

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// Reads `range` of `bytes`, which the caller has found inside them.
    init(_ bytes: [UInt8], range: Range<Int>) {
        self.bytes = bytes
        self.position = range.lowerBound
        self.end = range.upperBound
    }

    /// Reads a text of its own, such as a candidate; `nil` when it holds the end of a line or a NUL.
    init?(text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else { return nil }
        self.init(bytes, range: 0..<bytes.count)
    }

    var isAtEnd: Bool { self.position >= self.end }

    /// The next byte, not taken.
    var next: UInt8? { self.isAtEnd ? nil : self.bytes[self.position] }

    /// Takes `byte` if it is the next one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.position &+= 1
        return true
    }

    /// Takes all spaces that follow.
    mutating func skipSpaces() {
        while self.take(Self.space) {}
    }

    /// Takes `prefix`, ASCII text, if it follows.
    mutating func take(prefix: StaticString) -> Bool {
        let before = self.position
        let matches = prefix.withUTF8Buffer { $0.allSatisfy { self.take($0) } }
        if !matches { self.position = before }
        return matches
    }

    /// The bytes up to (not including) the first of `stops` or the end; `nil` when there are none.
    mutating func text(until stops: UInt8...) -> String? {
        let start = self.position
        while let byte = self.next, !stops.contains(byte) { self.position &+= 1 }
        guard self.position > start else { return nil }
        return String(decoding: self.bytes[start..<self.position], as: UTF8.self)
    }

    /// The next word: leading spaces are skipped, then it runs to the next space or the end.
    mutating func word() -> String? {
        let before = self.position
        self.skipSpaces()
        guard let text = self.text(until: Self.space) else {
            self.position = before
            return nil
        }
        return text
    }

    /// The next word, or an error that says what it should have been.
    mutating func word(_ what: String) throws(Expected) -> String {
        guard let word = self.word() else { throw Expected(what) }
        return word
    }

    /// All words that are left.
    mutating func words() -> [String] {
        var words: [String] = []
        while let word = self.word() { words.append(word) }
        return words
    }

    /// Everything that is left, possibly nothing.
    mutating func rest() -> String {
        let start = self.position
        self.position = self.end
        return String(decoding: self.bytes[start..<max(start, self.end)], as: UTF8.self)
    }

    /// A decimal number inside `range`, without a sign; leading spaces are skipped, the byte after it is not looked at.
    mutating func number<Number: FixedWidthInteger>(in range: ClosedRange<Number>) -> Number? {
        let before = self.position
        self.skipSpaces()
        let start = self.position
        var value: Number = 0
        while let byte = self.next, (0x30...0x39).contains(byte) {
            self.position &+= 1
            let (tens, isTooBig) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tens.addingReportingOverflow(Number(truncatingIfNeeded: byte &- 0x30))
            guard !isTooBig, !overflows else {
                self.position = before
                return nil
            }
            value = sum
        }
        guard self.position > start, range.contains(value) else {
            self.position = before
            return nil
        }
        return value
    }

    /// A decimal number that fills its word, or an error that says what it should have been.
    mutating func number<Number: FixedWidthInteger>(
        in range: ClosedRange<Number>, _ what: String
    ) throws(Expected) -> Number {
        guard let value = self.number(in: range), self.isAtEnd || self.next == Self.space else {
            throw Expected("\(what), a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Checks that nothing but spaces is left.
    mutating func finish() throws(Expected) {
        self.skipSpaces()
        guard self.isAtEnd else { throw Expected("the end of the line") }
    }
}

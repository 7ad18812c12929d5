// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a session description: the line, what stood there and what was expected.
package struct SDPError: Error, Hashable, Sendable {
    /// The two ways to refuse a text.
    package enum Kind: Hashable, Sendable {
        /// The text breaks the grammar, or a number is out of its range.
        case syntax
        /// The text is larger than the budget allows.
        case limit
    }

    /// Whether grammar or budget was broken.
    package let kind: Kind
    /// The line, counted from 1; 0 when the error concerns the text as a whole.
    package let line: Int
    /// The offending line, cut to ``maximumTextLength`` bytes.
    package let text: String
    /// What should have stood there, as the end of the sentence "expected …".
    package let expected: String

    /// How many bytes of the offending line an error repeats.
    package static let maximumTextLength = 80

    /// An error about `line`.
    package init(kind: Kind = .syntax, line: Int, text: String, expected: String) {
        self.kind = kind
        self.line = line
        self.text = text
        self.expected = expected
    }
}

extension SDPError: CustomStringConvertible {
    /// A sentence with the line, what stood there and what was expected.
    package var description: String {
        self.line == 0
            ? "session description: expected \(self.expected)"
            : "line \(self.line) of the session description, \"\(self.text)\": expected \(self.expected)"
    }
}

/// What a parser of one line or field throws; the caller knows which line it is.
struct Expected: Error, Equatable {
    let what: String

    init(_ what: String) { self.what = what }
}

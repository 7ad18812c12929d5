// SPDX-License-Identifier: Apache-2.0

/// The value of an `a=fmtp` line as names and values: `name=value;name=value`, spaces around them allowed.
struct FormatParameters {
    private let pairs: [(name: String, value: String)]

    init(_ text: String?) {
        self.pairs = (text ?? "").split(separator: ";").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.trimmed(sides.first ?? "").lowercased(), sides.count > 1 ? Self.trimmed(sides[1]) : "")
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }

    /// The first value with this name, in lower case letters.
    subscript(name: String) -> String? { self.pairs.first { $0.name == name }?.value }

    /// A decimal number; `value` when it is missing or none.
    func number(_ name: String, default value: Int) -> Int { self[name].flatMap { Int($0) } ?? value }
}

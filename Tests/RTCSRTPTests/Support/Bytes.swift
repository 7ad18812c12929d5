// SPDX-License-Identifier: Apache-2.0

/// The bytes that `text` spells in hexadecimal; spaces and line ends do not count.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }
    var bytes: [UInt8] = []
    var rest = digits[...]
    while rest.count >= 2 {
        bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
    }
    return bytes
}

/// What `#require` does, for values that cannot be copied.
func made<T: ~Copyable>(_ value: consuming T?) throws -> T {
    guard let value else { throw NothingMade() }
    return value
}

private struct NothingMade: Error {}

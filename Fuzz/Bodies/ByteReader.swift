// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension FuzzBody {
    /// A reader that the bytes themselves tell what to read next stays inside them, and a failed read moves nothing.
    static let byteReader = FuzzBody("byte-reader") { bytes in
        var reader = ByteReader(bytes)
        while let operation = reader.readUInt8() {
            let before = reader.position
            let count = Self.read(operation, from: &reader) ?? 0
            precondition(reader.position == before + count && reader.remaining >= 0)
        }
    }

    /// Reads what `operation` says: its low three bits choose what, its high five how much; the bytes read, or `nil`.
    private static func read(_ operation: UInt8, from reader: inout ByteReader) -> Int? {
        let argument = Int(operation >> 3) - 1
        switch operation & 7 {
        case 0: return reader.readUInt8() == nil ? nil : 1
        case 1: return reader.readUInt16() == nil ? nil : 2
        case 2: return reader.readUInt24() == nil ? nil : 3
        case 3: return reader.readUInt32() == nil ? nil : 4
        case 4: return reader.readUInt64() == nil ? nil : 8
        case 5: return reader.skip(argument) ? argument : nil
        case 6: return reader.readBytes(argument)?.array.count
        default: return reader.bytes.slice(argument..<argument + 9) == nil ? nil : 0
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A domain name in wire form without compression (RFC 1035 §3.1), in lower case so that equal names compare equal.
package struct DNSName: Hashable, Sendable {
    /// Labels, each behind its length, and the empty label that ends the name; at most 255 bytes.
    let bytes: [UInt8]

    /// The longest name (RFC 1035 §2.3.4).
    static let limit = 255

    /// Parses dotted text; `nil` for empty or overlong labels, for anything but letters, digits, hyphens and
    /// underscores, and for names that are too long.
    package init?(_ text: String) {
        var bytes: [UInt8] = []
        for label in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...63).contains(label.count), label.allSatisfy(Self.isPlain) else { return nil }
            bytes.append(UInt8(label.count))
            bytes += label.map(Self.lowercased)
        }
        bytes.append(0)
        guard bytes.count <= Self.limit else { return nil }
        self.bytes = bytes
    }

    /// Reads the name at the reader's position, following compression pointers (RFC 1035 §4.1.4); the reader then
    /// stands behind it. `nil` when it is malformed.
    ///
    /// Each pointer must lead to before everything read so far, and a name has at most 255 bytes: so there are no
    /// loops, and no more work than that.
    init?(_ reader: inout ByteReader) {
        let message = reader.bytes
        var bytes: [UInt8] = []
        var position = reader.position
        var floor = position
        var end: Int?
        while let length = message.byte(at: position) {
            if length >= 0xC0 {
                guard let pointer = message.uint16(at: position) else { return nil }
                let target = Int(pointer & 0x3FFF)
                guard target < floor else { return nil }
                end = end ?? position + 2
                position = target
                floor = target
                continue
            }
            // 0x40 and 0x80 were label types that nobody uses.
            guard length < 0x40, bytes.count + Int(length) + 1 <= Self.limit,
                let label = message.slice((position + 1)..<(position + 1 + Int(length)))
            else { return nil }
            bytes.append(length)
            label.withUnsafeBytes { bytes += $0.map(Self.lowercased) }
            position += 1 + Int(length)
            guard length == 0 else { continue }
            guard reader.skip((end ?? position) - reader.position) else { return nil }
            self.bytes = bytes
            return
        }
        return nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

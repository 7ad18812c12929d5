// SPDX-License-Identifier: Apache-2.0

/// Records in the clear, as an attacker or an odd peer would write them.
enum Records {
    /// A record of DTLS 1.2 and before.
    static func record(
        type: UInt8, version: UInt16 = 0xFEFD, epoch: UInt16 = 0, sequence: UInt64, _ body: [UInt8]
    ) -> [UInt8] {
        [type, UInt8(version >> 8), UInt8(version & 255), UInt8(epoch >> 8), UInt8(epoch & 255)]
            + (0..<6).map { UInt8(truncatingIfNeeded: sequence >> UInt64(40 - 8 * $0)) }
            + [UInt8(body.count >> 8), UInt8(body.count & 255)] + body
    }

    /// A fragment of a handshake message, which may lie about its length.
    static func fragment(type: UInt8, length: Int, message: UInt16, offset: Int, _ body: [UInt8], count: Int? = nil)
        -> [UInt8]
    {
        [type] + Self.uint24(length) + [UInt8(message >> 8), UInt8(message & 255)] + Self.uint24(offset)
            + Self.uint24(count ?? body.count) + body
    }

    /// Splits each plaintext handshake record of `datagram` into fragments that overlap, are empty, come in the wrong
    /// order and twice, each in a record of its own.
    static func refragment(_ datagram: [UInt8]) -> [[UInt8]] {
        var rest = datagram[...]
        var records: [[UInt8]] = []
        while rest.count >= 13 {
            let start = rest.startIndex
            let count = 13 + Int(rest[start + 11]) << 8 + Int(rest[start + 12])
            guard count <= rest.count else { return [datagram] }
            let record = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            let sequence = record[5..<11].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let isPlaintextHandshake = record[0] == 22 && record[3] == 0 && record[4] == 0
            guard isPlaintextHandshake else {
                // Epoch 0 has its own numbers; a ChangeCipherSpec gets a new one.
                let isPlaintext = record[0] < 32 && record[3] == 0 && record[4] == 0
                records.append(
                    isPlaintext ? Self.record(type: record[0], sequence: sequence * 8, Array(record[13...])) : record)
                continue
            }
            let header = record[13..<25]
            let length = Int(header[14]) << 16 | Int(header[15]) << 8 | Int(header[16])
            let offset = Int(header[19]) << 16 | Int(header[20]) << 8 | Int(header[21])
            let message = UInt16(header[17]) << 8 | UInt16(header[18])
            let body = Array(record[25...])
            let middle = body.count / 2
            let pieces = [max(0, middle - 9)..<body.count, 0..<0, 0..<min(body.count, middle + 9), 0..<body.count]
            for (index, piece) in pieces.enumerated() {
                records.append(
                    Self.record(
                        type: 22, sequence: sequence * 8 + UInt64(index),
                        Self.fragment(
                            type: header[13], length: length, message: message, offset: offset + piece.lowerBound,
                            Array(body[piece]))))
            }
        }
        return records
    }

    private static func uint24(_ value: Int) -> [UInt8] {
        [UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCSRTP

struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// Keys and packets.
enum Material {
    static func keys(of profile: SRTPProfile) -> (key: [UInt8], salt: [UInt8]) {
        ((0..<profile.keySize).map { UInt8($0 * 7 + 1) }, (0..<profile.saltSize).map { UInt8($0 * 5 + 2) })
    }

    static func rtp(sequence: UInt16, ssrc: UInt32, csrcs: Int = 0, extensionWords: Int? = nil, payload: Int) -> [UInt8]
    {
        let first = 0x80 | UInt8(csrcs) | (extensionWords == nil ? 0 : 0x10)
        var packet: [UInt8] = [first, 96, UInt8(sequence >> 8), UInt8(sequence & 0xFF), 1, 2, 3, 4]
        packet += self.bytes(ssrc) + [UInt8](repeating: 9, count: csrcs * 4)
        if let extensionWords {
            packet += [0xBE, 0xDE, UInt8(extensionWords >> 8), UInt8(extensionWords & 0xFF)]
            packet += [UInt8](repeating: 0x10, count: extensionWords * 4)
        }
        return packet + (0..<payload).map { UInt8(truncatingIfNeeded: $0) }
    }

    static func rtcp(ssrc: UInt32, words: Int) -> [UInt8] {
        [0x80, 201, 0, UInt8(1 + words)] + self.bytes(ssrc) + [UInt8](repeating: 7, count: words * 4)
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - $0 * 8)) }
    }
}

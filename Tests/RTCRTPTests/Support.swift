// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

/// The header of `bytes`.
func headerOf(_ bytes: [UInt8]) -> RTPHeader? { RTPHeader(bytes.span.bytes) }

/// What the extensions of `bytes` say.
func values(_ bytes: [UInt8], _ map: HeaderExtensionMap) -> HeaderExtensionValues? {
    RTPHeader(bytes.span.bytes).map { HeaderExtensionValues($0, in: bytes.span.bytes, map: map) }
}

/// The elements of the extension block of `bytes`.
func elements(_ bytes: [UInt8]) -> [(id: UInt8, value: [UInt8])] {
    guard let header = headerOf(bytes) else { return [] }
    var cursor = HeaderExtensionElements(header)
    var elements: [(id: UInt8, value: [UInt8])] = []
    while let element = cursor.next(in: bytes.span.bytes) { elements.append((element.id, Array(bytes[element.value]))) }
    return elements
}

/// What a compound holds.
struct Compound: Equatable {
    var packets: [RTCPPacket] = []
    var unknown = 0
    var malformed = 0
    var isComplete = true

    init(_ bytes: [UInt8]) {
        var compound = RTCPCompound(bytes.span.bytes)
        while let packet = compound.next() { self.packets.append(packet) }
        self.unknown = compound.unknownCount
        self.malformed = compound.malformedCount
        self.isComplete = compound.isComplete
    }
}

/// The bytes of `packets`, one after the other.
func compound(_ packets: [RTCPPacket]) -> [UInt8] {
    [UInt8].writing(capacity: 65_535) { writer in
        for packet in packets { packet.write(into: &writer) }
    } ?? []
}

/// Gives `body` each way to damage `bytes`: cut at every length, with a byte too many, each length-like byte absurd,
/// and with random flips.
func torture(_ bytes: [UInt8], seed: UInt64, _ body: ([UInt8]) -> Void) {
    for length in 0..<bytes.count { body(Array(bytes[..<length])) }
    body(bytes + [0])
    body(bytes + [0xFF])
    for index in bytes.indices {
        for value: UInt8 in [0, 0x7F, 0x80, 0xFF] {
            var damaged = bytes
            damaged[index] = value
            body(damaged)
        }
    }
    var random = RandomSource.seeded(seed)
    for _ in 0..<500 {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            guard let index = damaged.indices.randomElement(using: &random) else { break }
            damaged[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
        }
        body(damaged)
    }
}

// SPDX-License-Identifier: Apache-2.0

import RTCWire

@testable import RTCSCTP

/// A chunk as a test sees it.
struct Chunk: Equatable {
    var type: UInt8
    var flags: UInt8 = 0
    var value: [UInt8] = []

    var bytes: [UInt8] {
        let length = self.value.count + 4
        return [self.type, self.flags, UInt8(length >> 8 & 255), UInt8(length & 255)] + self.value
            + [UInt8](repeating: 0, count: paddedCount(length) - length)
    }

    static func data(
        _ tsn: UInt32, stream: UInt16 = 0, ssn: UInt16 = 0, ppid: UInt32 = 53, flags: UInt8 = 3, _ bytes: [UInt8]
    ) -> Chunk {
        Chunk(type: 0, flags: flags, value: be(tsn) + be(stream) + be(ssn) + be(ppid) + bytes)
    }

    static func sack(
        _ tsn: UInt32, window: UInt32 = 1 << 20, blocks: [(UInt16, UInt16)] = [], duplicates: [UInt32] = []
    ) -> Chunk {
        let counts = be(UInt16(blocks.count)) + be(UInt16(duplicates.count))
        return Chunk(
            type: 3,
            value: be(tsn) + be(window) + counts + blocks.flatMap { be($0.0) + be($0.1) }
                + duplicates.flatMap { be($0) })
    }

    static func initiation(
        tag: UInt32 = 0x1111, window: UInt32 = 1 << 20, outbound: UInt16 = 1_024, inbound: UInt16 = 1_024,
        tsn: UInt32 = 1_000, parameters: [UInt8] = [0x80, 0x08, 0, 6, 130, 192, 0, 0, 0xC0, 0, 0, 4]
    ) -> Chunk {
        Chunk(type: 1, value: be(tag) + be(window) + be(outbound) + be(inbound) + be(tsn) + parameters)
    }

    static func reconfiguration(_ parameters: [UInt8]...) -> Chunk {
        Chunk(type: 130, value: parameters.flatMap { $0 })
    }
}

func be(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

/// Zero beyond the end: a test that expects something else there says so.
func u16(_ bytes: [UInt8], _ offset: Int) -> UInt16 {
    offset + 1 < bytes.count ? UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) : 0
}

func u32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    UInt32(u16(bytes, offset)) << 16 | UInt32(u16(bytes, offset + 2))
}

/// A parameter with its padding.
func parameter(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    let length = value.count + 4
    return be(type) + be(UInt16(length)) + value + [UInt8](repeating: 0, count: paddedCount(length) - length)
}

/// A packet of raw bytes with a right checksum.
func packet(tag: UInt32, source: UInt16 = 5000, destination: UInt16 = 5000, body: [UInt8]) -> [UInt8] {
    var bytes = be(source) + be(destination) + be(tag) + [0, 0, 0, 0] + body
    let checksum = crc32c(bytes.span.bytes, skippingChecksumAt: 8)
    for index in 0..<4 { bytes[8 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
    return bytes
}

/// An association, and a peer made of hand-written chunks.
final class HandmadePeer {
    var association: SCTPAssociation
    var now = Instant.start + .seconds(1)
    /// The tag that the peer chose, and the one that the association chose.
    var tag: UInt32 = 0x1111
    var theirTag: UInt32 = 0
    /// The next TSN of the peer, and the first of the association.
    var tsn: UInt32 = 1_000
    var theirTSN: UInt32 = 0
    var events: [SCTPEvent] = []

    init(configuration: SCTPConfiguration = SCTPConfiguration(), seed: UInt64 = 1) {
        self.association = SCTPAssociation(configuration: configuration, random: .seeded(seed))
    }

    /// A peer that has connected.
    static func connected(configuration: SCTPConfiguration = SCTPConfiguration(), tsn: UInt32 = 1_000) -> HandmadePeer {
        let peer = HandmadePeer(configuration: configuration)
        peer.tsn = tsn
        let answer = peer.send([.initiation(tsn: tsn)], tag: 0)
        peer.theirTag = u32(answer[0].value, 0)
        peer.theirTSN = u32(answer[0].value, 12)
        _ = peer.send([Chunk(type: 10, value: peer.cookie(of: answer[0]))])
        return peer
    }

    /// The cookie in an INIT ACK.
    func cookie(of initAck: Chunk) -> [UInt8] {
        var offset = 16
        while offset + 4 <= initAck.value.count {
            let length = Int(u16(initAck.value, offset + 2))
            if u16(initAck.value, offset) == 7 { return Array(initAck.value[(offset + 4)..<(offset + length)]) }
            offset += paddedCount(length)
        }
        return []
    }

    /// Sends chunks in one packet, and gives the chunks of all answers.
    func send(_ chunks: [Chunk], tag: UInt32? = nil) -> [Chunk] {
        self.send(raw: packet(tag: tag ?? self.theirTag, body: chunks.flatMap(\.bytes)))
    }

    func send(raw: [UInt8]) -> [Chunk] {
        self.association.receive(raw.span.bytes, at: self.now)
        return self.drain()
    }

    /// Sends DATA with the next TSN.
    func data(_ bytes: [UInt8], stream: UInt16 = 0, ssn: UInt16 = 0, ppid: UInt32 = 53, flags: UInt8 = 3) -> [Chunk] {
        self.tsn &+= 1
        return self.send([.data(self.tsn &- 1, stream: stream, ssn: ssn, ppid: ppid, flags: flags, bytes)])
    }

    /// Moves time on, firing what is due.
    func wait(_ duration: Duration) -> [Chunk] {
        let end = self.now + duration
        var chunks: [Chunk] = []
        while let next = self.association.nextTimeout, next.at <= end {
            self.now = max(self.now, next.at)
            self.association.handleTimeout(at: self.now)
            chunks += self.drain()
        }
        self.now = end
        return chunks
    }

    var packets: [[UInt8]] = []

    func drain() -> [Chunk] {
        var chunks: [Chunk] = []
        self.packets = []
        while true {
            var isWritten = false
            let bytes =
                [UInt8].writing(capacity: 2_000) { writer in
                    isWritten = self.association.pollTransmit(into: &writer, at: self.now)
                } ?? []
            guard isWritten else { break }
            self.packets.append(bytes)
            var iterator = TLVIterator(bytes.span.bytes.extracting(12..<bytes.count))
            while let chunk = iterator.next() {
                chunks.append(Chunk(type: chunk.chunkType.rawValue, flags: chunk.chunkFlags, value: chunk.value.array))
            }
        }
        while let event = self.association.pollEvent() { self.events.append(event) }
        return chunks
    }

    var messages: [[UInt8]] {
        self.events.compactMap { event in
            if case .message(_, _, let bytes) = event { bytes } else { nil }
        }
    }
}

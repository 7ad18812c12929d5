// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What waits to be sent beside DATA and SACK: whole packets, and chunks for the next packet to the peer.
///
/// A peer that asks faster than its answers leave gets fewer answers: both queues are short.
struct ControlQueue {
    private static let maximumReplies = 16
    private static let maximumChunks = 64

    private var replies: [[UInt8]] = []
    private var chunks: [[UInt8]] = []

    var isEmpty: Bool { self.replies.isEmpty && self.chunks.isEmpty }

    var hasChunks: Bool { !self.chunks.isEmpty }

    /// Queues a whole packet, checksum included.
    mutating func append(reply packet: [UInt8]) {
        guard self.replies.count < Self.maximumReplies else { return }
        self.replies.append(packet)
    }

    /// Queues a packet that must go out, and drops everything else.
    mutating func replaceAll(with packet: [UInt8]?) {
        self.replies = packet.map { [$0] } ?? []
        self.chunks = []
    }

    /// Queues a chunk; `isFirst` puts it before all others (COOKIE ACK, RFC 9260 §5.1).
    mutating func append(chunk: [UInt8], isFirst: Bool = false) {
        guard isFirst || self.chunks.count < Self.maximumChunks else { return }
        if isFirst { self.chunks.insert(chunk, at: 0) } else { self.chunks.append(chunk) }
    }

    mutating func removeChunks() { self.chunks = [] }

    mutating func popReply() -> [UInt8]? { self.replies.isEmpty ? nil : self.replies.removeFirst() }

    /// Writes the chunks that fit; one that fits no packet is dropped.
    mutating func writeChunks(limit: Int, isPacketEmpty: Bool, into writer: inout ByteWriter) {
        var isPacketEmpty = isPacketEmpty
        while let chunk = self.chunks.first {
            if writer.count + chunk.count <= limit {
                writer.write(chunk)
            } else if !isPacketEmpty {
                return
            }
            isPacketEmpty = false
            self.chunks.removeFirst()
        }
    }
}

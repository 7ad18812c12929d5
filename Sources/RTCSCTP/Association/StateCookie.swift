// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
internal import RTCWire

/// All that an end must know to make an association of a COOKIE ECHO, so that an INIT leaves nothing behind
/// (RFC 9260 §5.1.3).
///
///     | HMAC-SHA256 of the rest (32) | made at, ns (8) | our tag (4) | our TSN (4) | peer's tag (4) | peer's TSN (4) |
///     | peer's a_rwnd (4) | outbound (2) | inbound (2) | our tie-tag (4) | peer's tie-tag (4) | capabilities (1) |
struct StateCookie: Hashable {
    private static let macByteCount = 32
    static let byteCount = Self.macByteCount + 41

    var madeAt: Instant
    var local: Identity
    var peer: Peer
    /// The tags of the association that existed when the cookie was made; zero when there was none (§5.2.2).
    var localTieTag: UInt32
    var peerTieTag: UInt32

    /// The cookie as it goes to the peer.
    func sealed(key: [UInt8]) -> [UInt8] {
        let body =
            [UInt8].writing(capacity: Self.byteCount) { writer in
                writer.write(UInt64(bitPattern: self.madeAt.nanoseconds))
                writer.write(self.local.tag)
                writer.write(self.local.initialTSN)
                writer.write(self.peer.identity.tag)
                writer.write(self.peer.identity.initialTSN)
                writer.write(self.peer.advertisedWindow)
                writer.write(self.peer.outboundStreams)
                writer.write(self.peer.inboundStreams)
                writer.write(self.localTieTag)
                writer.write(self.peerTieTag)
                writer.write(self.peer.capabilities.rawValue)
            } ?? []
        return HashFunction.sha256.hmac(key: key, body.span.bytes) + body
    }

    init(madeAt: Instant, local: Identity, peer: Peer, localTieTag: UInt32, peerTieTag: UInt32) {
        self.madeAt = madeAt
        self.local = local
        self.peer = peer
        self.localTieTag = localTieTag
        self.peerTieTag = peerTieTag
    }

    /// The cookie that came back; `nil` when it is not one of ours.
    init?(_ bytes: RawSpan, key: [UInt8]) {
        guard bytes.byteCount == Self.byteCount, let mac = bytes.slice(0..<Self.macByteCount),
            let body = bytes.slice(Self.macByteCount..<bytes.byteCount)
        else { return nil }
        let expected = HashFunction.sha256.hmac(key: key, body)
        guard constantTimeEqual(mac, expected.span.bytes) else { return nil }
        var reader = ByteReader(body)
        guard let madeAt = reader.readUInt64(), let localTag = reader.readUInt32(), let localTSN = reader.readUInt32(),
            let peerTag = reader.readUInt32(), let peerTSN = reader.readUInt32(), let window = reader.readUInt32(),
            let outbound = reader.readUInt16(), let inbound = reader.readUInt16(),
            let localTieTag = reader.readUInt32(), let peerTieTag = reader.readUInt32(),
            let capabilities = reader.readUInt8()
        else { return nil }
        self.init(
            madeAt: Instant(nanoseconds: Int64(bitPattern: madeAt)),
            local: Identity(tag: localTag, initialTSN: localTSN),
            peer: Peer(
                identity: Identity(tag: peerTag, initialTSN: peerTSN), advertisedWindow: window,
                outboundStreams: outbound, inboundStreams: inbound,
                capabilities: Capabilities(rawValue: capabilities)),
            localTieTag: localTieTag, peerTieTag: peerTieTag)
    }
}

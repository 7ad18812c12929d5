// SPDX-License-Identifier: Apache-2.0

/// What one end chose for itself in INIT or INIT ACK.
struct Identity: Hashable {
    /// What the other end must put into the header of its packets; zero when unknown.
    var tag: UInt32
    var initialTSN: UInt32

    static let unknown = Identity(tag: 0, initialTSN: 0)

    /// A new identity; a tag is never zero (RFC 9260 §5.3.1).
    static func random(using random: inout some RandomNumberGenerator) -> Identity {
        Identity(
            tag: .random(in: 1...UInt32.max, using: &random), initialTSN: .random(in: 0...UInt32.max, using: &random))
    }
}

/// What is known of the peer.
struct Peer: Hashable {
    var identity: Identity
    var advertisedWindow: UInt32
    /// Streams from us to the peer and from the peer to us, the lower of what both ends said (§5.1.1).
    var outboundStreams: UInt16
    var inboundStreams: UInt16
    var capabilities: Capabilities

    static let unknown = Peer(
        identity: .unknown, advertisedWindow: 0, outboundStreams: 0, inboundStreams: 0, capabilities: [])

    init(
        identity: Identity, advertisedWindow: UInt32, outboundStreams: UInt16, inboundStreams: UInt16,
        capabilities: Capabilities
    ) {
        self.identity = identity
        self.advertisedWindow = advertisedWindow
        self.outboundStreams = outboundStreams
        self.inboundStreams = inboundStreams
        self.capabilities = capabilities
    }

    /// The peer as its INIT or INIT ACK describes it.
    init(_ header: InitHeader, capabilities: Capabilities, maximumStreams: UInt16) {
        self.init(
            identity: Identity(tag: header.initiateTag, initialTSN: header.initialTSN),
            advertisedWindow: header.advertisedWindow,
            outboundStreams: min(maximumStreams, header.inboundStreams),
            inboundStreams: min(maximumStreams, header.outboundStreams), capabilities: capabilities)
    }
}

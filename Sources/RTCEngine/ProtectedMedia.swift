// SPDX-License-Identifier: Apache-2.0

internal import RTCDTLS
internal import RTCMedia
internal import RTCSRTP
internal import RTCWire

/// A media session and the keys around it; without keys no packet passes, neither way.
struct ProtectedMedia: ~Copyable {
    /// A longer datagram is no media: it would not pass the usual links in one piece.
    static var maximumDatagramSize: Int { 2_048 }

    /// The streams, which know nothing of protection.
    var session: RTPSession
    /// What came before the keys.
    var early = EarlyDatagrams()
    private var contexts: SRTPContexts?

    /// What became of a packet to send.
    enum Sent {
        case written
        /// The session gave a packet that could not be protected.
        case refused
        /// There is nothing to send.
        case nothing
    }

    init(configuration: PeerConfiguration, random: inout RandomSource) {
        var media = configuration.media
        media.datagramSize = configuration.datagramSize
        // "12 hexadecimal octets" of randomness name this connection and tell nothing of its user (RFC 7022 §4.2).
        if media.cname.isEmpty {
            media.cname = random.bytes(12).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        self.session = RTPSession(configuration: media, random: random.split())
    }

    var profile: SRTPProfile? {
        switch self.contexts {
        case .some(let contexts): contexts.send.profile
        case .none: nil
        }
    }

    var receiveCounters: SRTPReceiveContext.Counters? {
        switch self.contexts {
        case .some(let contexts): contexts.receive.counters
        case .none: nil
        }
    }

    /// Takes the keys that DTLS exported; `false` when they do not fit.
    mutating func start(profile: SRTPProfile, material: [UInt8], isClient: Bool) -> Bool {
        self.contexts = SRTPContexts(profile: profile, material: material, isClient: isClient)
        return self.contexts != nil
    }

    /// Forgets the keys.
    mutating func end() {
        self.contexts = nil
        self.early.removeAll()
    }

    /// Opens the packet in `memory` and gives it to the session; `false` when it is refused.
    ///
    /// RTCP is what has 192 to 223 as its second byte (RFC 5761 §4).
    mutating func receive(_ memory: UnsafeMutableRawBufferPointer, at now: Instant) -> Bool {
        let isRTCP = memory.count > 1 && (192...223).contains(memory[1])
        let opened =
            isRTCP ? self.contexts?.receive.unprotectRTCP(memory) : self.contexts?.receive.unprotectRTP(memory)
        guard case .success(let count) = opened else { return false }
        let packet = UnsafeRawBufferPointer(rebasing: memory[..<count]).bytes
        if isRTCP { self.session.receiveRTCP(packet, at: now) } else { self.session.receiveRTP(packet, at: now) }
        return true
    }

    /// Lets the session write its next packet at the end of `writer`, and protects it there.
    mutating func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Sent {
        guard self.contexts != nil else { return .nothing }
        var sent = Sent.nothing
        writer.withFreeMemory { memory in
            var packet = ByteWriter(memory)
            guard let output = self.session.pollTransmit(into: &packet, at: now) else { return 0 }
            let sealed =
                switch output {
                case .rtp: self.contexts?.send.protectRTP(memory, count: packet.count)
                case .rtcp: self.contexts?.send.protectRTCP(memory, count: packet.count)
                }
            guard case .success(let count) = sealed else {
                sent = .refused
                return 0
            }
            sent = .written
            return count
        }
        return sent
    }

    /// Throws away what the session wants to send; returns how many packets that were.
    mutating func discard(using memory: UnsafeMutableRawBufferPointer, at now: Instant) -> Int {
        var count = 0
        while true {
            var packet = ByteWriter(memory)
            guard self.session.pollTransmit(into: &packet, at: now) != nil else { return count }
            count += 1
        }
    }
}

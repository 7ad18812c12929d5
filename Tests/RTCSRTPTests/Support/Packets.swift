// SPDX-License-Identifier: Apache-2.0

import RTCWire

@testable import RTCSRTP

/// Packets in the clear.
enum Packets {
    /// An RTP packet with `payload` bytes of payload.
    static func rtp(
        sequence: UInt16, ssrc: UInt32 = 0xCAFE_BABE, csrcs: Int = 0, extensionWords: Int? = nil, payload: Int = 50
    ) -> [UInt8] {
        let first = 0x80 | UInt8(csrcs) | (extensionWords == nil ? 0 : 0x10)
        var packet: [UInt8] = [first, 96, UInt8(sequence >> 8), UInt8(sequence & 0xFF), 0, 0, 0, 1]
        packet += Self.bytes(ssrc)
        for csrc in 0..<csrcs { packet += Self.bytes(UInt32(csrc)) }
        if let extensionWords {
            packet += [0xBE, 0xDE, UInt8(extensionWords >> 8), UInt8(extensionWords & 0xFF)]
            packet += [UInt8](repeating: 0x11, count: extensionWords * 4)
        }
        return packet + (0..<payload).map { UInt8(truncatingIfNeeded: $0 &+ Int(sequence)) }
    }

    /// A receiver report without blocks, followed by `extra` bytes.
    static func rtcp(ssrc: UInt32 = 0xCAFE_BABE, extra: Int = 0) -> [UInt8] {
        [0x80, 201, 0, UInt8(1 + extra / 4)] + Self.bytes(ssrc) + (0..<extra).map { UInt8(truncatingIfNeeded: $0) }
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - $0 * 8)) }
    }
}

extension SRTPSendContext {
    /// The SRTP packet of `packet`; `nil` when it is refused.
    mutating func protectedRTP(_ packet: [UInt8]) -> [UInt8]? {
        var memory = packet + [UInt8](repeating: 0, count: self.profile.rtpOverhead)
        let result = memory.withUnsafeMutableBytes { self.protectRTP($0, count: packet.count) }
        guard case .success(let count) = result else { return nil }
        return Array(memory[..<count])
    }

    /// The SRTCP packet of `packet`; `nil` when it is refused.
    mutating func protectedRTCP(_ packet: [UInt8]) -> [UInt8]? {
        var memory = packet + [UInt8](repeating: 0, count: self.profile.rtcpOverhead)
        let result = memory.withUnsafeMutableBytes { self.protectRTCP($0, count: packet.count) }
        guard case .success(let count) = result else { return nil }
        return Array(memory[..<count])
    }
}

/// What `unprotect` made of a packet.
enum Outcome: Equatable {
    case opened([UInt8])
    case refused(SRTPReceiveContext.Opened)
}

extension SRTPReceiveContext {
    mutating func openedRTP(_ packet: [UInt8]) -> Outcome {
        var memory = packet
        let result = memory.withUnsafeMutableBytes { self.unprotectRTP($0) }
        guard case .success(let count) = result else { return .refused(result) }
        return .opened(Array(memory[..<count]))
    }

    mutating func openedRTCP(_ packet: [UInt8]) -> Outcome {
        var memory = packet
        let result = memory.withUnsafeMutableBytes { self.unprotectRTCP($0) }
        guard case .success(let count) = result else { return .refused(result) }
        return .opened(Array(memory[..<count]))
    }
}

/// Both ends of one direction.
struct Direction: ~Copyable {
    var send: SRTPSendContext
    var receive: SRTPReceiveContext

    init?(_ profile: SRTPProfile, seed: UInt64 = 1, maximumStreams: Int = 512) {
        var random = RandomSource.seeded(seed)
        let (key, salt) = (random.bytes(profile.keySize), random.bytes(profile.saltSize))
        guard let send = SRTPSendContext(profile: profile, masterKey: key, masterSalt: salt),
            let receive = SRTPReceiveContext(
                profile: profile, masterKey: key, masterSalt: salt, maximumStreams: maximumStreams)
        else { return nil }
        self.send = send
        self.receive = receive
    }

    /// Whether an RTP packet arrives as it was sent.
    mutating func carries(_ packet: [UInt8]) -> Bool {
        guard let sealed = self.send.protectedRTP(packet) else { return false }
        return self.receive.openedRTP(sealed) == .opened(packet)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// Seals the RTP and RTCP packets that go to one peer, in place, under one master key.
///
/// No nonce is ever used for two different packets (RFC 7714 §8.4): a packet sent again must be the same, bit for bit.
package struct SRTPSendContext: ~Copyable {
    /// What has become of a packet.
    package enum Sealed: Hashable, Sendable {
        /// The first `count` bytes are to be sent.
        case success(count: Int)
        /// It is no RTP or RTCP packet, or there is no room for what protection adds.
        case malformed
        /// Another packet had its sequence number, or it is too far back to know; the memory holds zeros.
        case repeated
        /// The key may protect no more: the last index is used, or there are too many SSRCs (RFC 3711 §9.2).
        case exhausted
    }

    /// Packets by what became of them.
    package struct Counters: Hashable, Sendable {
        package var sealed: UInt64 = 0
        /// Packets that were not sealed, for whatever reason.
        package var refused: UInt64 = 0
    }

    /// What the keys are for.
    package let profile: SRTPProfile
    package private(set) var counters = Counters()
    private let rtp: SRTPCipher
    private let rtcp: SRTPCipher
    private var streams: SentStreams

    /// `nil` when the key or the salt has not the size that `profile` wants.
    package init?(profile: SRTPProfile, masterKey: [UInt8], masterSalt: [UInt8], maximumStreams: Int = 4_096) {
        guard
            let rtp = SRTPCipher(profile: profile, masterKey: masterKey, masterSalt: masterSalt, purpose: .rtp),
            let rtcp = SRTPCipher(profile: profile, masterKey: masterKey, masterSalt: masterSalt, purpose: .rtcp)
        else { return nil }
        self.init(profile: profile, rtp: rtp, rtcp: rtcp, maximumStreams: maximumStreams)
    }

    init(profile: SRTPProfile, rtp: consuming SRTPCipher, rtcp: consuming SRTPCipher, maximumStreams: Int = 4_096) {
        self.profile = profile
        self.rtp = rtp
        self.rtcp = rtcp
        self.streams = SentStreams(capacity: maximumStreams)
    }

    /// Encrypts and authenticates the RTP packet in the first `count` bytes of `memory`, in place.
    ///
    /// `memory` must have room for `profile.rtpOverhead` more bytes.
    package mutating func protectRTP(_ memory: UnsafeMutableRawBufferPointer, count: Int) -> Sealed {
        self.count(self.sealRTP(memory, count: count))
    }

    /// Encrypts and authenticates the compound RTCP packet in the first `count` bytes of `memory`, in place.
    ///
    /// `memory` must have room for `profile.rtcpOverhead` more bytes.
    package mutating func protectRTCP(_ memory: UnsafeMutableRawBufferPointer, count: Int) -> Sealed {
        self.count(self.sealRTCP(memory, count: count))
    }

    private mutating func sealRTP(_ memory: UnsafeMutableRawBufferPointer, count: Int) -> Sealed {
        let tagSize = self.profile.rtpOverhead
        guard let header = SRTPHeader(memory, count: count), memory.count - count >= tagSize else { return .malformed }
        guard let slot = self.streams.slot(of: header.ssrc) else { return .exhausted }
        let highest = self.streams[slot].highest
        let index =
            highest < 0
            ? Int64(header.sequenceNumber)
            // What the peer will guess.
            : PacketIndex.guess(header.sequenceNumber, highest: highest, behind: PacketIndex.rollover / 2)
        guard index <= PacketIndex.last else { return .exhausted }
        let use = self.streams[slot].use(of: index)
        guard use != .forgotten else { return Self.refuse(memory, count: count) }
        let tag = self.rtp.sealRTP(
            memory, count: count, headerSize: header.size, tagSize: tagSize, ssrc: header.ssrc, index: UInt64(index))
        guard let tag else { return Self.refuse(memory, count: count) }
        switch use {
        case .never: self.streams[slot].sent(index, tag: tag)
        case .sent(let earlier) where earlier == SentStreams.Stream.kept(tag): break
        case .sent, .forgotten: return Self.refuse(memory, count: count + tagSize)
        }
        return .success(count: count + tagSize)
    }

    private mutating func sealRTCP(_ memory: UnsafeMutableRawBufferPointer, count: Int) -> Sealed {
        let overhead = self.profile.rtcpOverhead
        guard let ssrc = SRTPHeader.rtcpSSRC(memory, count: count), memory.count - count >= overhead else {
            return .malformed
        }
        guard let slot = self.streams.slot(of: ssrc), self.streams[slot].nextRTCP <= PacketIndex.lastRTCP else {
            return .exhausted
        }
        let index = UInt32(truncatingIfNeeded: self.streams[slot].nextRTCP)
        // Used, whether or not the packet goes out.
        self.streams[slot].nextRTCP += 1
        let packet = UnsafeMutableRawBufferPointer(rebasing: memory[..<(count + overhead)])
        guard self.rtcp.sealRTCP(packet, count: count, tagSize: overhead - 4, ssrc: ssrc, index: index) else {
            return Self.refuse(memory, count: count)
        }
        return .success(count: count + overhead)
    }

    /// Makes sure that nothing of a packet can be sent by mistake.
    private static func refuse(_ memory: UnsafeMutableRawBufferPointer, count: Int) -> Sealed {
        UnsafeMutableRawBufferPointer(rebasing: memory[..<count]).initializeMemory(as: UInt8.self, repeating: 0)
        return .repeated
    }

    private mutating func count(_ sealed: Sealed) -> Sealed {
        if case .success = sealed { self.counters.sealed &+= 1 } else { self.counters.refused &+= 1 }
        return sealed
    }

    /// Makes `ssrc` look as if these had been its latest packets, for tests of what comes after very many.
    mutating func advance(_ ssrc: UInt32, toIndex index: Int64, rtcpIndex: Int64) {
        guard let slot = self.streams.slot(of: ssrc) else { return }
        self.streams[slot].sent(index, tag: 0)
        self.streams[slot].nextRTCP = rtcpIndex + 1
    }
}

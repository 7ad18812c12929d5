// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// Opens the SRTP and SRTCP packets of one peer, in place, under one master key.
///
/// A packet changes nothing before it has proved authentic: no state, no index, no window (RFC 3711 §3.3).
package struct SRTPReceiveContext: ~Copyable {
    /// What has become of a packet.
    package enum Opened: Hashable, Sendable {
        /// It is authentic and new; its first `count` bytes are the plain packet.
        case success(count: Int)
        /// Its tag is not right under this key; its payload may have become zeros.
        case authenticationFailed
        /// It was taken in before, or is older than what is remembered.
        case replayed
        /// It is no such packet, or one of RTCP that is not encrypted.
        case malformed
    }

    /// Packets by what became of them.
    package struct Counters: Hashable, Sendable {
        package var opened: UInt64 = 0
        package var authenticationFailed: UInt64 = 0
        package var replayed: UInt64 = 0
        package var malformed: UInt64 = 0
    }

    /// What the keys are for.
    package let profile: SRTPProfile
    package private(set) var counters = Counters()
    private let rtp: SRTPCipher
    private let rtcp: SRTPCipher
    private var streams: ReceivedStreams

    /// `nil` when the key or the salt has not the size that `profile` wants.
    ///
    /// Beyond `maximumStreams` SSRCs, a new one takes the place of that which has been silent for the longest.
    package init?(profile: SRTPProfile, masterKey: [UInt8], masterSalt: [UInt8], maximumStreams: Int = 512) {
        guard
            let rtp = SRTPCipher(profile: profile, masterKey: masterKey, masterSalt: masterSalt, purpose: .rtp),
            let rtcp = SRTPCipher(profile: profile, masterKey: masterKey, masterSalt: masterSalt, purpose: .rtcp)
        else { return nil }
        self.init(profile: profile, rtp: rtp, rtcp: rtcp, maximumStreams: maximumStreams)
    }

    init(profile: SRTPProfile, rtp: consuming SRTPCipher, rtcp: consuming SRTPCipher, maximumStreams: Int = 512) {
        self.profile = profile
        self.rtp = rtp
        self.rtcp = rtcp
        self.streams = ReceivedStreams(capacity: maximumStreams)
    }

    /// How many SSRCs have a state.
    package var streamCount: Int { self.streams.count }

    /// Authenticates and decrypts a whole SRTP packet in place.
    package mutating func unprotectRTP(_ packet: UnsafeMutableRawBufferPointer) -> Opened {
        self.count(self.openRTP(packet))
    }

    /// Authenticates and decrypts a whole SRTCP packet in place.
    package mutating func unprotectRTCP(_ packet: UnsafeMutableRawBufferPointer) -> Opened {
        self.count(self.openRTCP(packet))
    }

    private mutating func openRTP(_ packet: UnsafeMutableRawBufferPointer) -> Opened {
        let tagSize = self.profile.rtpOverhead
        guard let header = SRTPHeader(packet, count: packet.count - tagSize) else { return .malformed }
        let slot = self.streams.slot(of: header.ssrc)
        let (likely, unlikely) = self.streams.indices(of: header.sequenceNumber, in: slot)
        guard likely != nil || unlikely != nil else { return .replayed }
        guard let index = self.open(packet, header: header, likely: likely, unlikely: unlikely) else {
            guard likely != nil else { return .replayed }
            if let slot { self.streams[slot].failuresInARow &+= 1 }
            return .authenticationFailed
        }
        let target = slot ?? self.streams.insert(header.ssrc)
        self.streams[target].rtp.take(index)
        self.streams[target].failuresInARow = 0
        self.streams.use(target)
        return .success(count: packet.count - tagSize)
    }

    /// Opens a packet under the first of both indices that proves right; `nil` when neither does.
    private func open(
        _ packet: UnsafeMutableRawBufferPointer, header: SRTPHeader, likely: Int64?, unlikely: Int64?
    ) -> Int64? {
        guard let likely, let unlikely else {
            guard let index = likely ?? unlikely else { return nil }
            return self.open(packet, header: header, index: index) ? index : nil
        }
        // What fails under AES-GCM is gone.
        let payload = UnsafeMutableRawBufferPointer(rebasing: packet[header.size...])
        return withUnsafeTemporaryAllocation(byteCount: payload.count, alignment: 16) { copy in
            copy.copyMemory(from: UnsafeRawBufferPointer(payload))
            if self.open(packet, header: header, index: likely) { return likely }
            payload.copyMemory(from: UnsafeRawBufferPointer(copy))
            return self.open(packet, header: header, index: unlikely) ? unlikely : nil
        }
    }

    private func open(_ packet: UnsafeMutableRawBufferPointer, header: SRTPHeader, index: Int64) -> Bool {
        self.rtp.openRTP(
            packet, headerSize: header.size, tagSize: self.profile.rtpOverhead, ssrc: header.ssrc,
            index: UInt64(index))
    }

    private mutating func openRTCP(_ packet: UnsafeMutableRawBufferPointer) -> Opened {
        let overhead = self.profile.rtcpOverhead
        guard let ssrc = SRTPHeader.rtcpSSRC(packet, count: packet.count - overhead) else { return .malformed }
        let word = self.rtcp.rtcpIndexWord(of: packet, tagSize: overhead - 4)
        // DTLS-SRTP knows no unencrypted SRTCP: to take it would let the peer's E flag decide (RFC 5764 §4.1.2).
        guard word & SRTPCipher.encryptedFlag != 0 else { return .malformed }
        let index = word & ~SRTPCipher.encryptedFlag
        let slot = self.streams.slot(of: ssrc)
        if let slot, !self.streams[slot].rtcp.allows(Int64(index)) { return .replayed }
        guard self.rtcp.openRTCP(packet, tagSize: overhead - 4, ssrc: ssrc, index: index) else {
            return .authenticationFailed
        }
        let target = slot ?? self.streams.insert(ssrc)
        self.streams[target].rtcp.take(Int64(index))
        self.streams.use(target)
        return .success(count: packet.count - overhead)
    }

    private mutating func count(_ opened: Opened) -> Opened {
        switch opened {
        case .success: self.counters.opened &+= 1
        case .authenticationFailed: self.counters.authenticationFailed &+= 1
        case .replayed: self.counters.replayed &+= 1
        case .malformed: self.counters.malformed &+= 1
        }
        return opened
    }
}

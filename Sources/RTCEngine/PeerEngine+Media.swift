// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
internal import RTCDTLS
internal import RTCICE
internal import RTCMedia
internal import RTCSRTP
internal import RTCWire

extension PeerEngine {
    /// Takes in SRTP or SRTCP; nothing acts on it, the path included, before it has proved authentic.
    func receiveMedia(_ datagram: RawSpan, path: Transmit, at now: Instant) {
        guard self.ice.isValidated(local: path.local, remote: path.remote) else {
            self.counters.mediaUnvalidated &+= 1
            return
        }
        guard self.media.profile != nil else {
            // The peer may have finished the handshake before us.
            if self.dtlsState.isBeforeConnected, self.ice.isRunning {
                self.media.early.keep(datagram, from: path)
            } else {
                self.counters.mediaWithoutKeys &+= 1
            }
            return
        }
        self.openMedia(datagram, path: path, at: now)
    }

    /// Makes the keys of the verified handshake, and opens what came before them.
    func startMedia(at now: Instant) {
        guard let negotiated = self.dtls.negotiated, let role = self.dtlsRole, let agreed = negotiated.srtpProfile
        else {
            self.media.end()
            self.events.push(.mediaSecurity(.unavailable))
            return
        }
        let profile = SRTPProfile(agreed)
        var material =
            self.dtls.exportKeyingMaterial(label: SRTPContexts.exporterLabel, count: profile.keyingMaterialSize) ?? []
        defer { wipe(&material) }
        guard self.media.start(profile: profile, material: material, isClient: role == .client) else {
            self.events.push(.mediaSecurity(.unavailable))
            return
        }
        if let roundTripTime = self.ice.roundTripTime { self.media.session.assumeRoundTripTime(roundTripTime) }
        self.events.push(.mediaSecurity(.protected(agreed)))
        for early in self.media.early.takeAll() { self.openMedia(early.bytes.span.bytes, path: early.path, at: now) }
    }

    /// Writes one packet of media or of the data channels, whoever's turn it is.
    func writePayload(into writer: inout ByteWriter, at now: Instant) -> Bool {
        // Both have a turn, and the first another, for its run may have been over.
        for _ in 0..<3 {
            let hasWritten =
                switch self.turns.turn {
                case .media: self.writeMedia(into: &writer, at: now)
                case .data: self.writeRecord(into: &writer, at: now)
                }
            if hasWritten {
                self.turns.wrote()
                return true
            }
            self.turns.pass()
        }
        return false
    }

    /// Throws away what cannot be sent: old media is worth nothing later.
    func discardMedia(at now: Instant) {
        self.counters.mediaUnsent &+= UInt64(self.media.discard(using: self.plaintext, at: now))
    }

    private func openMedia(_ datagram: RawSpan, path: Transmit, at now: Instant) {
        guard datagram.byteCount <= ProtectedMedia.maximumDatagramSize else {
            self.counters.mediaRefused &+= 1
            return
        }
        let packet = UnsafeMutableRawBufferPointer(rebasing: self.plaintext[..<datagram.byteCount])
        datagram.withUnsafeBytes { packet.copyMemory(from: $0) }
        guard self.media.receive(packet, at: now) else {
            self.counters.mediaRefused &+= 1
            return
        }
        self.ice.receivedData(from: path.remote, on: path.local, at: now)
    }

    private func writeMedia(into writer: inout ByteWriter, at now: Instant) -> Bool {
        guard self.media.profile != nil else {
            self.discardMedia(at: now)
            return false
        }
        while true {
            switch self.media.pollTransmit(into: &writer, at: now) {
            case .written: return true
            case .refused: self.counters.mediaUnsent &+= 1
            case .nothing: return false
            }
        }
    }
}

extension SRTPProfile {
    /// What DTLS calls it.
    init(_ negotiated: SRTPProtectionProfile) {
        self =
            switch negotiated {
            case .aes128GCM: .aeadAES128GCM
            case .aes256GCM: .aeadAES256GCM
            case .aes128CounterSHA1_80: .aes128CMHMACSHA1_80
            case .aes128CounterSHA1_32: .aes128CMHMACSHA1_32
            }
    }
}

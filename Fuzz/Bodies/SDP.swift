// SPDX-License-Identifier: Apache-2.0

internal import RTCNegotiation
internal import RTCSDP
internal import RTCWire

extension FuzzBody {
    /// A description that is taken prints as text that is the same description.
    static let sdp = FuzzBody("sdp") { bytes in
        guard let description = try? SessionDescription(parsing: bytes.array) else { return }
        let text = description.description
        precondition((try? SessionDescription(parsing: text)) == description, "printed as \(text)")
    }

    /// A candidate that is taken prints as text that is the same candidate.
    static let candidate = FuzzBody("candidate") { bytes in
        let text = String(decoding: bytes.array, as: UTF8.self)
        guard let candidate = try? CandidateAttribute(parsing: text) else { return }
        precondition((try? CandidateAttribute(parsing: candidate.description)) == candidate, "\(candidate)")
    }

    /// An offer that is taken can be answered, the answer can be applied, and all of it can be done again.
    ///
    /// After the first NUL byte stands a candidate.
    static let negotiation = FuzzBody("negotiation") { bytes in
        let parts = bytes.array.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let offer = String(decoding: parts.first ?? [], as: UTF8.self)
        let candidate = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : nil
        var peer = PeerNegotiation(
            identity: LocalIdentity(
                fingerprints: [FingerprintAttribute(algorithm: "sha-256", bytes: [UInt8](repeating: 7, count: 32))],
                media: Self.capabilities),
            random: RandomSource.seeded(1))
        _ = try? peer.addTrack(.video, trackID: "camera", streams: ["mine"])
        for _ in 0..<2 {
            let before = peer.signalingState
            do {
                _ = try peer.setRemoteDescription(.offer, sdp: offer)
            } catch {
                precondition(peer.signalingState == before, "a refused offer changes nothing")
                return
            }
            if let candidate { _ = try? peer.addRemoteCandidate(candidate, mid: nil, mediaIndex: 0) }
            do {
                let answer = try peer.createAnswer()
                _ = try peer.setLocalDescription(.answer, sdp: answer)
                precondition(peer.signalingState == .stable)
                let parsed = try SessionDescription(parsing: answer)
                precondition(parsed.media.count == peer.remoteDescription?.description.media.count)
                let carried = peer.media.count + (peer.association == nil ? 0 : 1)
                precondition(parsed.media.count { !$0.isRejected } == carried, "all that is taken is agreed on")
                precondition(peer.transport?.mids.count ?? 0 == carried)
                let next = try peer.createOffer()
                _ = try peer.setLocalDescription(.offer, sdp: next)
                _ = try peer.setLocalDescription(.rollback)
            } catch { preconditionFailure("an offer that was taken cannot be answered: \(error)") }
        }
    }

    private static let capabilities: MediaCapabilities = {
        let feedback = [CodecFeedback("nack"), CodecFeedback("nack", "pli")]
        let profile = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
        let mid = HeaderExtensionCapability(uri: "urn:ietf:params:rtp-hdrext:sdes:mid")
        return MediaCapabilities(
            audio: KindCapabilities(
                codecs: [
                    CodecCapability(name: "opus", clockRate: 48_000, channels: 2),
                    CodecCapability(name: "PCMU", clockRate: 8_000),
                    CodecCapability(name: "telephone-event", clockRate: 8_000),
                ], headerExtensions: [mid]),
            video: KindCapabilities(
                codecs: [
                    CodecCapability(name: "VP8", clockRate: 90_000, feedback: feedback, hasRTX: true),
                    CodecCapability(name: "H264", clockRate: 90_000, fmtp: profile, feedback: feedback, hasRTX: true),
                ], headerExtensions: [mid]), receivesSimulcast: true)
    }()
}

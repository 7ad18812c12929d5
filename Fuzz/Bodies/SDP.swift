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
                fingerprints: [FingerprintAttribute(algorithm: "sha-256", bytes: [UInt8](repeating: 7, count: 32))]),
            random: RandomSource.seeded(1))
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
            } catch { preconditionFailure("an offer that was taken cannot be answered: \(error)") }
        }
    }
}

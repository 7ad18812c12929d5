// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTCNegotiation
import RTCSDP
import RTCWire

/// Makes negotiations with predictable identities, and texts of other stacks.
enum Peer {
    static func fingerprint(_ byte: UInt8) -> FingerprintAttribute {
        FingerprintAttribute(algorithm: "sha-256", bytes: Array(repeating: byte, count: 32))
    }

    static func make(
        _ name: UInt8, needsData: Bool = false, limits: NegotiationLimits = NegotiationLimits()
    ) -> PeerNegotiation {
        let letter = String(UnicodeScalar(0x60 + name))
        let credentials = TransportCredentials(
            usernameFragment: String(repeating: letter, count: 4), password: String(repeating: letter, count: 24))
        let identity = LocalIdentity(fingerprints: [Self.fingerprint(name)], credentials: credentials)
        var peer = PeerNegotiation(identity: identity, limits: limits, random: RandomSource.seeded(UInt64(name)))
        if needsData { peer.requireData() }
        return peer
    }

    static func fixture(_ name: String) throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appendingPathComponent("Fixtures/SDP/\(name).sdp")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    static let chromium = "chromium-156-offer-audio-video-data"
    static let firefox = "firefox-153-offer-audio-video-data"

    /// The whole exchange of an offer by `one` and an answer by `two`.
    @discardableResult
    static func negotiate(
        _ one: inout PeerNegotiation, _ two: inout PeerNegotiation, restart: Bool = false
    ) throws -> (one: NegotiationChange, two: NegotiationChange) {
        let offer = try one.createOffer(.init(iceRestart: restart))
        _ = try one.setLocalDescription(.offer, sdp: offer)
        _ = try two.setRemoteDescription(.offer, sdp: offer)
        let answer = try two.createAnswer()
        let answered = try two.setLocalDescription(.answer, sdp: answer)
        return (try one.setRemoteDescription(.answer, sdp: answer), answered)
    }

    /// Two peers with an open data section.
    static func connected() throws -> (PeerNegotiation, PeerNegotiation) {
        var one = Self.make(1, needsData: true)
        var two = Self.make(2)
        try Self.negotiate(&one, &two)
        return (one, two)
    }

    /// Lines joined to a description.
    static func text(_ lines: [String]) -> String { lines.map { $0 + "\r\n" }.joined() }

    static let session = ["v=0", "o=- 77 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    static let hash = "a=fingerprint:sha-256 " + Array(repeating: "AB", count: 32).joined(separator: ":")
    static let credentials = ["a=ice-ufrag:remo", "a=ice-pwd:remoteremoteremoteremote"]
    static let data =
        ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0"] + Self.credentials
        + [Self.hash, "a=setup:actpass", "a=sctp-port:5000"]
    static let audio =
        ["m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 0.0.0.0", "a=mid:a", "a=rtcp-mux"] + Self.credentials
        + [Self.hash, "a=setup:actpass"]
    /// An offer of a data section alone.
    static let dataOffer = Self.text(Self.session + Self.data)
}

extension NegotiationChange.Transport {
    /// The transport to start or update.
    var value: NegotiatedTransport? {
        switch self {
        case .start(let transport), .update(let transport): transport
        case .unchanged, .stop: nil
        }
    }
}

extension NegotiationChange.Association {
    /// The association to start or update.
    var value: NegotiatedAssociation? {
        switch self {
        case .start(let association), .update(let association): association
        case .unchanged, .stop: nil
        }
    }
}

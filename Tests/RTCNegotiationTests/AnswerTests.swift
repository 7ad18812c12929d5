// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import Testing

@Suite("Answers to other stacks") struct AnswerTests {
    private func answer(_ offer: String) throws -> (SessionDescription, NegotiatedTransport?) {
        let (answer, change) = try self.change(offer)
        return (answer, change.transport.value)
    }

    private func change(_ offer: String) throws -> (SessionDescription, NegotiationChange) {
        var peer = Peer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: offer)
        let change = try peer.setLocalDescription()
        return (try #require(peer.currentLocalDescription?.description), change)
    }

    @Test func `a Chromium offer gets exactly the expected answer`() throws {
        let (answer, change) = try self.change(try Peer.fixture(Peer.chromium))
        let transport = change.transport.value
        let hash = Array(repeating: "01", count: 32).joined(separator: ":")
        let videoTypes = "96 97 102 103 104 107 108 109 114 115 116 117 39 40 45 46 98 99 100 101 118 119 120"
        let expected = [
            "v=0", "o=- \(answer.origin.sessionID) 0 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 2",
            "a=ice-options:trickle ice2", "a=extmap-allow-mixed", "a=msid-semantic:WMS *",
            "m=audio 0 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126", "c=IN IP4 0.0.0.0", "a=inactive", "a=mid:0",
            "m=video 0 UDP/TLS/RTP/SAVPF \(videoTypes)", "c=IN IP4 0.0.0.0", "a=inactive", "a=mid:1",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=ice-ufrag:aaaa",
            "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa", "a=fingerprint:sha-256 \(hash)", "a=setup:active", "a=mid:2",
            "a=sctp-port:5000", "a=max-message-size:262144",
        ]
        #expect(answer.description == Peer.text(expected))
        #expect(transport?.remoteCredentials.usernameFragment == "tiAJ")
        #expect(transport?.remoteCandidates.map(\.port) == [57714, 45947, 9, 9])
        #expect(change.association.value?.remoteMaxMessageSize == 262_144)
        #expect(transport?.dtlsRole == .client && transport?.iceRole == .controlled)
    }

    @Test func `a Firefox offer with session-level values is answered`() throws {
        let (answer, change) = try self.change(try Peer.fixture(Peer.firefox))
        let transport = change.transport.value
        #expect(answer.media.map(\.isRejected) == [true, true, false])
        #expect(answer.media.map(\.mid) == ["0", "1", "2"])
        #expect(answer.bundleGroups == [GroupAttribute(mids: ["2"])])
        #expect(transport?.remoteFingerprints.first?.bytes.first == 0x21)
        #expect(transport?.remoteOptions == ["trickle"])
        #expect(transport?.remoteCandidates.count == 4)
        #expect(transport?.hasRemoteEndOfCandidates == true)
        #expect(change.association.value?.remoteMaxMessageSize == 1_073_741_823)
    }

    @Test(arguments: ["aiortc", "aiortc-legacy", "pion", "libdatachannel"])
    func `173: offers of other stacks are answered in their form`(stack: String) throws {
        let hash = Peer.hash
        let candidate = "a=candidate:0a1b2c3d4e5f60718293a4b5c6d7e8f9 1 udp 2130706431 192.0.2.3 51000 typ host"
        let lines: [String] =
            switch stack {
            case "aiortc":
                [
                    "v=0", "o=- 3990000000 3990000000 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0",
                    "a=msid-semantic:WMS *", "m=application 51000 UDP/DTLS/SCTP webrtc-datachannel",
                    "c=IN IP4 192.0.2.3", "a=mid:0", "a=sctp-port:5000", "a=max-message-size:65536", candidate,
                    "a=end-of-candidates", "a=ice-ufrag:aio1", "a=ice-pwd:0123456789abcdef012345", hash,
                    "a=fingerprint:sha-384 " + Array(repeating: "0C", count: 48).joined(separator: ":"),
                    "a=setup:actpass",
                ]
            case "aiortc-legacy":
                [
                    "v=0", "o=- 17146737451000000000 17146737451000000000 IN IP4 0.0.0.0", "s=-", "t=0 0",
                    "a=group:BUNDLE 0", "m=application 51000 DTLS/SCTP 5000", "c=IN IP4 192.0.2.3", "a=mid:0",
                    "a=sctpmap:5000 webrtc-datachannel 65535", "a=max-message-size:65536", candidate,
                    "a=ice-ufrag:aio1", "a=ice-pwd:0123456789abcdef012345", hash, "a=setup:actpass",
                ]
            case "pion":
                [
                    "v=0", "o=- 5294587123498712345 1700000000 IN IP4 0.0.0.0", "s=-", "t=0 0",
                    "a=msid-semantic:WMS*", hash, "a=extmap-allow-mixed", "a=group:BUNDLE 0",
                    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=setup:actpass",
                    "a=mid:0", "a=sendrecv", "a=sctp-port:5000", "a=max-message-size:1073741823",
                    "a=ice-ufrag:qMRxhRBzjDAgsnHt", "a=ice-pwd:qGGHzyxLzbHOhbSnXdRnbIFmtqMkOYSm",
                    "a=candidate:233762139 1 udp 2130706431 192.0.2.3 51000 typ host ufrag qMRxhRBzjDAgsnHt",
                    "a=end-of-candidates",
                ]
            default:
                [
                    "v=0", "o=rtc 3767197920 0 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
                    "a=group:LS 0", "a=msid-semantic:WMS *", "a=setup:actpass", "a=ice-ufrag:gQ3L",
                    "a=ice-pwd:xk1UTHvkxWRPe4d1F4m0yM", "a=ice-options:ice2,trickle", hash,
                    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0", "a=sendrecv",
                    "a=sctp-port:5000", "a=max-message-size:262144",
                    "a=candidate:1 1 UDP 2114977791 192.0.2.3 51000 typ host",
                ]
            }
        let (answer, change) = try self.change(Peer.text(lines))
        let transport = change.transport.value
        let section = answer.media[0]
        #expect(!section.isRejected && section.setup == .active && answer.bundleGroups.count == 1)
        #expect(change.association.value?.remotePort == 5000)
        #expect(transport?.remoteCandidates.first?.port == 51000)
        #expect(transport?.remoteOptions == (stack == "libdatachannel" ? ["ice2", "trickle"] : []))
        if stack == "aiortc-legacy" {
            #expect(section.line.proto == "DTLS/SCTP" && section.line.formats == ["5000"])
            #expect(section.sctpMaps.map(\.application) == ["webrtc-datachannel"] && section.sctpPort == nil)
        } else {
            #expect(section.line.formats == ["webrtc-datachannel"] && section.sctpPort == 5000)
        }
    }

    @Test(arguments: [
        ("a=setup:actpass", NegotiatedTransport.DTLSRole.client), ("a=setup:passive", .client),
        ("a=setup:active", .server), ("a=x", .client),
    ])
    func `83: the answer's role fits the offer's`(line: String, role: NegotiatedTransport.DTLSRole) throws {
        let offer = Peer.dataOffer.replacing("a=setup:actpass", with: line)
        let (answer, transport) = try self.answer(offer)
        #expect(transport?.dtlsRole == role)
        #expect(answer.media[0].setup == (role == .client ? .active : .passive))
    }

    @Test(arguments: [("", UInt64?.some(65_536)), ("a=max-message-size:0\r\n", nil), ("a=max-message-size:5\r\n", 5)])
    func `147: the peer's message size has its default and its infinity`(line: String, size: UInt64?) throws {
        let (_, change) = try self.change(Peer.dataOffer + line)
        #expect(try #require(change.association.value).remoteMaxMessageSize == size)
    }

    @Test func `45: a lite peer makes us controlling`() throws {
        let offer = Peer.dataOffer.replacing("t=0 0\r\n", with: "t=0 0\r\na=ice-lite\r\n")
        let (_, transport) = try self.answer(offer)
        #expect(transport?.isRemoteLite == true && transport?.iceRole == .controlling)
    }

    @Test func `176: data may stand first, between or twice, bundled or not`() throws {
        let second = Peer.data.map { $0 == "a=mid:0" ? "a=mid:1" : $0 }
        let (both, _) = try self.answer(
            Peer.text(Peer.session + ["a=group:BUNDLE a 0 1"] + Peer.data + Peer.audio + second))
        #expect(both.media.map(\.isRejected) == [false, true, true])
        #expect(both.bundleGroups == [GroupAttribute(mids: ["0"])])
        let (unbundled, transport) = try self.answer(Peer.text(Peer.session + Peer.audio + Peer.data))
        #expect(unbundled.bundleGroups.isEmpty && transport?.mid == "0")
    }

    @Test func `176: a bundle-only data section uses the transport of the tagged one`() throws {
        let data = [
            "m=application 0 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0", "a=bundle-only",
            "a=sctp-port:5000",
        ]
        let offer = Peer.text(
            Peer.session + ["a=group:BUNDLE a 0"] + Peer.audio + ["a=candidate:1 1 udp 1 192.0.2.1 5 typ host"] + data)
        let (answer, transport) = try self.answer(offer)
        #expect(answer.media.map(\.isRejected) == [true, false] && !answer.media[1].isBundleOnly)
        #expect(
            transport?.remoteCandidates.map(\.port) == [5] && transport?.remoteCredentials.usernameFragment == "remo")
    }

    @Test func `sections of no use are refused`() throws {
        let bfcp = ["m=application 9 UDP/DTLS/SCTP bfcp", "a=mid:9"]
        let ended = Peer.data.map { $0 == "a=sctp-port:5000" ? "a=sctp-port:0" : $0 }
        let (answer, transport) = try self.answer(Peer.text(Peer.session + bfcp + ended))
        #expect(answer.media.allSatisfy(\.isRejected) && transport == nil)
        let (empty, _) = try self.answer(Peer.text(Peer.session))
        #expect(empty.media.isEmpty)
    }

    @Test func `a section without a tag gets one`() throws {
        let (answer, transport) = try self.answer(Peer.dataOffer.replacing("a=mid:0\r\n", with: ""))
        #expect(transport?.mid == "0" && answer.media[0].mid == "0")
    }
}

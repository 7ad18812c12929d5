// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTC
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StatisticsTests {
    @Test func `A report has what went over the connection, and its objects name each other`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel("measured", options: RTCDataChannelInit(protocol: "p"))
        try await near.send("12345")
        try await near.send([1, 2, 3])
        _ = try await far.messages.take(2)
        let report = await pair.offerer.getStats()
        #expect(report.peerConnection?.dataChannelsOpened == 1)
        #expect(report.peerConnection?.dataChannelsClosed == 0)

        let transport = try #require(report.transport)
        #expect(transport.dtlsState == .connected)
        #expect(transport.iceRole == .controlling)
        #expect(["FEFD", "FEFC"].contains(transport.tlsVersion))
        #expect(transport.dtlsCipher?.hasPrefix("TLS_") == true)
        #expect(transport.packetsSent > 0)
        #expect(transport.bytesReceived > transport.packetsReceived)
        let peer = try #require(await pair.answerer.getStats().transport)
        #expect(transport.dtlsRole != peer.dtlsRole)

        guard case .candidatePair(let selected)? = transport.selectedCandidatePairId.flatMap({ report[$0] }) else {
            Issue.record("the selected pair is not in the report")
            return
        }
        #expect(selected.state == "succeeded")
        #expect(selected.nominated)
        #expect(selected.transportId == transport.id)
        #expect(selected.responsesReceived > 0)
        let roundTrip = try #require(selected.currentRoundTripTime)
        #expect(roundTrip > 0)
        #expect(roundTrip <= selected.totalRoundTripTime)
        guard case .localCandidate(let local)? = report[selected.localCandidateId],
            case .remoteCandidate(let remote)? = report[selected.remoteCandidateId]
        else {
            Issue.record("a candidate of the selected pair is not in the report")
            return
        }
        #expect(local.address == "127.0.0.1")
        #expect(local.type == "local-candidate")
        #expect(remote.type == "remote-candidate")
        #expect(remote.candidateType == .host || remote.candidateType == .prflx)

        guard case .certificate(let mine)? = transport.localCertificateId.flatMap({ report[$0] }),
            case .certificate(let theirs)? = transport.remoteCertificateId.flatMap({ report[$0] })
        else {
            Issue.record("a certificate is not in the report")
            return
        }
        #expect(await pair.offerer.localDescription?.sdp.contains(mine.fingerprint) == true)
        #expect(await pair.answerer.localDescription?.sdp.contains(theirs.fingerprint) == true)

        let channel = try #require(report.dataChannels.first)
        #expect(channel.label == "measured")
        #expect(channel.protocol == "p")
        #expect(channel.dataChannelIdentifier == near.id)
        #expect(channel.messagesSent == 2)
        #expect(channel.bytesSent == 8)
        let received = try #require(await pair.answerer.getStats().dataChannels.first)
        #expect(received.messagesReceived == 2)
        #expect(received.bytesReceived == 8)
        await pair.close()
    }

    @Test func `The JSON is an object of objects with the W3C's members`() async throws {
        let pair = Pair()
        _ = try await pair.channel()
        let report = await pair.offerer.getStats()
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
        let objects = try #require(json as? [String: [String: Any]])
        let now = Date().timeIntervalSince1970 * 1_000
        var types: Set<String> = []
        for (id, object) in objects {
            #expect(object["id"] as? String == id)
            let time = try #require(object["timestamp"] as? Double)
            #expect(abs(time - now) < 60_000)
            types.insert(try #require(object["type"] as? String))
        }
        #expect(
            types == [
                "peer-connection", "transport", "candidate-pair", "local-candidate", "remote-candidate", "certificate",
                "data-channel",
            ])
        let transport = try #require(objects.values.first { $0["type"] as? String == "transport" })
        #expect(transport["dtlsState"] as? String == "connected")
        #expect(transport["iceRole"] as? String == "controlling")
        #expect(transport["srtpCipher"] == nil || transport["srtpCipher"] is String)
        await pair.close()
    }

    @Test func `A connection that has done nothing has a report too`() async {
        let connection = RTCPeerConnection(configuration: .loopback)
        let report = await connection.getStats()
        #expect(report.transport?.dtlsState == .new)
        #expect(report.transport?.tlsVersion == nil)
        #expect(report.candidatePairs.isEmpty)
        await connection.close()
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RTC

@Suite(.timeLimit(.minutes(1)))
struct DiagnosisTests {
    @Test func `Without a local address the diagnosis says so`() async throws {
        var nowhere = RTCConfiguration.loopback
        nowhere.addresses.only = ["192.0.2.200"]
        let pair = Pair(nowhere, .loopback)
        let channel = try await pair.offerer.createDataChannel("x")
        try await pair.negotiate()
        let failure = await error { try await channel.waitUntilOpen() }
        #expect(failure?.code == .network)
        #expect(pair.offerer.connectionState == .failed)
        #expect(pair.offerer.diagnosis?.cause == .noLocalAddress)
        #expect(failure?.underlying == pair.offerer.diagnosis?.description)
        await pair.close()
        #expect(pair.offerer.diagnosis != nil)
    }

    @Test func `Text that is no address does not lift the restriction to addresses`() async throws {
        var configuration = RTCConfiguration.loopback
        configuration.addresses.only = ["localhost"]
        let connection = RTCPeerConnection(configuration: configuration)
        _ = try await connection.createDataChannel("x")
        try await connection.setLocalDescription()
        #expect(try await !connection.gatheredDescription().sdp.contains("a=candidate"))
        await connection.close()
    }

    @Test func `A wrong fingerprint ends the connection before anything passes`() async throws {
        let pair = Pair()
        let channel = try await pair.offerer.createDataChannel("x")
        try await pair.offerer.setLocalDescription()
        try await pair.answerer.setRemoteDescription(pair.offerer.gatheredDescription())
        try await pair.answerer.setLocalDescription()
        var answer = try await pair.answerer.gatheredDescription()
        let other = try #require(try RTCCertificate.generate().fingerprints.first)
        answer.sdp = answer.sdp.split(separator: "\r\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("a=fingerprint:") ? "a=fingerprint:\(other.algorithm) \(other.value)" : String($0) }
            .joined(separator: "\r\n")
        try await pair.offerer.setRemoteDescription(answer)
        let failure = await error { try await channel.waitUntilOpen() }
        #expect(failure?.code == .network)
        await pair.offerer.reach(.failed)
        #expect(pair.offerer.diagnosis?.cause == .fingerprintMismatch)
        #expect(channel.readyState == .closed)
        await pair.close()
    }

    @Test func `A peer that never answers is named as the cause`() async throws {
        let pair = Pair(
            .loopback, .loopback, patience: .milliseconds(300))
        let channel = try await pair.offerer.createDataChannel("x")
        try await pair.offerer.setLocalDescription()
        try await pair.answerer.setRemoteDescription(pair.offerer.gatheredDescription())
        try await pair.answerer.setLocalDescription()
        let answer = try await pair.answerer.gatheredDescription()
        await pair.answerer.close()
        try await pair.offerer.setRemoteDescription(answer)
        let failure = await error { try await channel.waitUntilOpen() }
        #expect(failure?.code == .network)
        #expect(pair.offerer.diagnosis?.cause == .noAnswerToChecks)
        #expect(pair.offerer.diagnosis?.evidence.contains("127.0.0.1") == false)
        await pair.close()
    }
}

extension Pair {
    init(_ first: RTCConfiguration, _ second: RTCConfiguration, patience: Duration) {
        var first = first
        first.icePatience = patience
        self.init(first, second)
    }
}

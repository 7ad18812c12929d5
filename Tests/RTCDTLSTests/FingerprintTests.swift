// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCWire
import Testing

/// Rows D2 and D3, V2 and V3, lines 80 to 82.
@Suite struct FingerprintTests {
    enum Moment: CaseIterable { case before, during, after }

    struct Case: Sendable, CustomTestStringConvertible {
        var version: DTLSVersion
        var checker: DTLSRole
        var moment: Moment
        var testDescription: String { "\(self.version) \(self.checker) \(self.moment)" }

        static let all: [Case] = [DTLSVersion.v1_2, .v1_3].flatMap { version in
            [DTLSRole.client, .server].flatMap { checker in
                Moment.allCases.map { Case(version: version, checker: checker, moment: $0) }
            }
        }
    }

    /// Runs a handshake in which one end gets `fingerprints` at the moment of `test`; the other knows the truth.
    private func run(_ test: Case, _ fingerprints: [Fingerprint]) -> (pair: Pair, checker: Peer, other: Peer) {
        let pair = Pair(configuration: Pair.only(test.version))
        let (checker, other) = test.checker == .client ? (pair.client, pair.server) : (pair.server, pair.client)
        other.endpoint.setRemoteFingerprints([checker.certificate.fingerprint()])
        switch test.moment {
        case .before:
            checker.endpoint.setRemoteFingerprints(fingerprints)
            pair.start()
        case .during:
            pair.start()
            pair.run(for: .milliseconds(25))
            checker.endpoint.setRemoteFingerprints(fingerprints)
        case .after:
            pair.start()
            pair.run(for: .seconds(1))
            #expect(checker.events == [.handshakeCompleted])
            #expect(checker.isShut)
            // The other end is connected and talks already.
            if let early = other.seal([1, 2, 3]) { pair.send(early, test.checker == .client ? .toClient : .toServer) }
            pair.run(for: .seconds(1))
            #expect(checker.received.isEmpty)
            checker.endpoint.setRemoteFingerprints(fingerprints)
        }
        pair.run(for: .seconds(5))
        return (pair, checker, other)
    }

    private func truth(_ test: Case, _ algorithm: HashFunction = .sha256) -> Fingerprint {
        (test.checker == .client ? Certificates.server : Certificates.client).fingerprint(algorithm)
    }

    private let wrong = Certificates.stranger.fingerprint()

    private func expectConnected(_ test: Case, _ fingerprints: [Fingerprint]) {
        let (pair, checker, _) = self.run(test, fingerprints)
        #expect(pair.areConnected)
        #expect(checker.events == [.handshakeCompleted, .connected])
        if test.moment == .after { #expect(checker.received == [[1, 2, 3]]) }
        #expect(pair.exchangeData())
    }

    private func expectRefused(_ test: Case, _ fingerprints: [Fingerprint], _ failure: DTLSFailure) {
        let (pair, checker, other) = self.run(test, fingerprints)
        #expect(checker.failure == failure)
        #expect(checker.isShut)
        #expect(checker.endpoint.hasEnded)
        #expect(checker.endpoint.nextTimeout == nil)
        // bad_certificate tells the other end, which closes as well.
        #expect(other.failure == .peerAlert(42))
        #expect(other.endpoint.hasEnded)
        // Whatever comes now changes nothing.
        pair.exchangeFingerprints()
        pair.run(for: .seconds(5))
        #expect(checker.isShut)
        #expect(checker.events.filter { $0 != .handshakeCompleted } == [.failed(failure)])
    }

    @Test(arguments: Case.all)
    func `D2, 82: the right fingerprint connects, and what came early is delivered then`(test: Case) {
        self.expectConnected(test, [self.truth(test)])
    }

    @Test(arguments: Case.all)
    func `D3, V2, V3: a wrong fingerprint closes with bad_certificate`(test: Case) {
        self.expectRefused(test, [self.wrong], .fingerprintMismatch)
    }

    @Test(arguments: Case.all)
    func `D3, 81: of two fingerprints one is right`(test: Case) {
        self.expectConnected(test, [self.wrong, self.truth(test)])
    }

    @Test(arguments: Case.all)
    func `D3, 81: a right sha-256 does not save a wrong sha-512`(test: Case) {
        self.expectRefused(
            test, [self.truth(test), Certificates.stranger.fingerprint(.sha512)], .fingerprintMismatch)
    }

    @Test(arguments: Case.all)
    func `D3, 80: sha-1 and md5 alone are refused although they match`(test: Case) {
        self.expectRefused(test, [self.truth(test, .sha1), self.truth(test, .md5)], .noAcceptableFingerprint)
    }

    @Test(arguments: Case.all)
    func `D3: upper and lower case mean the same`(test: Case) throws {
        let text = self.truth(test).description
        self.expectConnected(test, [try #require(Fingerprint(text.lowercased()))])
        self.expectConnected(test, [try #require(Fingerprint(text.uppercased()))])
    }

    @Test(arguments: Case.all)
    func `sha-384 and sha-512 do as well`(test: Case) {
        self.expectConnected(test, [self.truth(test, .sha384)])
        self.expectConnected(test, [self.truth(test, .sha512), self.truth(test, .sha1)])
    }

    @Test func `An empty list tells nothing`() {
        let pair = Pair()
        pair.client.endpoint.setRemoteFingerprints([])
        pair.start()
        pair.run(for: .seconds(1))
        pair.client.endpoint.setRemoteFingerprints([])
        #expect(pair.client.events == [.handshakeCompleted])
        #expect(pair.client.isShut)
        pair.exchangeFingerprints()
        #expect(pair.areConnected)
    }

    @Test func `A list that comes later must match as well`() {
        let pair = Pair()
        #expect(pair.connect())
        pair.exchangeFingerprints()
        #expect(pair.exchangeData())
        #expect(pair.client.events == [.handshakeCompleted, .connected])
        pair.client.endpoint.setRemoteFingerprints([self.wrong])
        #expect(pair.client.endpoint.hasEnded)
        pair.run(for: .seconds(1))
        #expect(pair.client.failure == .fingerprintMismatch)
        #expect(pair.server.failure == .peerAlert(42))
    }

    @Test func `D2: of a flood before the fingerprint only the first records are kept`() {
        let pair = Pair()
        pair.client.endpoint.setRemoteFingerprints([pair.server.certificate.fingerprint()])
        pair.start()
        pair.run(for: .seconds(1))
        for index in 0..<100 {
            if let record = pair.client.seal([UInt8](repeating: UInt8(index), count: 1_000)) {
                pair.send(record, .toServer)
            }
        }
        pair.run(for: .seconds(1))
        #expect(pair.server.received.isEmpty)
        #expect(pair.server.endpoint.statistics.overflows == 84)
        pair.exchangeFingerprints()
        pair.run(for: .seconds(1))
        #expect(pair.server.received.map { $0.first } == (0..<16).map { UInt8($0) })
        #expect(pair.exchangeData())
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
internal import RTCDTLS
internal import RTCWire

extension FuzzBody {
    /// An endpoint takes any datagrams in every state; who is not verified is never heard, and memory stays bounded.
    ///
    /// The first byte chooses the state, and whether the endpoint is the client. Each action is a byte, and what it needs.
    static let dtlsFeed = FuzzBody("dtls-feed", seededInputs: 2_000) { bytes in
        var reader = ByteReader(bytes)
        guard let world = DTLSWorld(state: reader.readUInt8() ?? 0) else { return }
        for _ in 0..<64 {
            guard let action = reader.readUInt8() else { break }
            world.act(action, &reader)
            world.drain()
        }
    }
}

/// What is slow to make, and what all inputs share.
enum FuzzIdentity {
    static let certificates: [Certificate] = (0..<2).map { _ in
        do {
            return try Certificate.generate(notBefore: 1_700_000_000)
        } catch { preconditionFailure("no certificate: \(error)") }
    }
}

private final class DTLSWorld {
    private static let contexts: [DTLSContext] = FuzzIdentity.certificates.compactMap {
        var configuration = DTLSConfiguration()
        configuration.groups = ["X25519"]
        return try? DTLSContext(certificate: $0, configuration: configuration)
    }

    private let endpoint: DTLSEndpoint
    private let peer: DTLSEndpoint
    private var now = Instant.start
    private var isVerified = false
    private var kept: [[UInt8]] = []
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 20_000, alignment: 8)

    init?(state: UInt8) {
        guard Self.contexts.count == 2 else { return nil }
        self.endpoint = DTLSEndpoint(context: Self.contexts[0])
        self.peer = DTLSEndpoint(context: Self.contexts[1])
        let stage = (state >> 1) & 3
        self.peer.setRemoteFingerprints([FuzzIdentity.certificates[0].fingerprint()])
        if state & 8 == 0 { self.tellFingerprint() }
        guard stage > 0 else { return }
        self.endpoint.start(role: state & 1 == 0 ? .client : .server, at: self.now)
        self.peer.start(role: state & 1 == 0 ? .server : .client, at: self.now)
        for _ in 0..<[0, 0, 1, 4][Int(stage)] { self.exchange() }
        self.drain()
    }

    deinit { self.memory.deallocate() }

    func act(_ action: UInt8, _ reader: inout ByteReader) {
        switch action & 7 {
        case 0, 1: self.receive(reader.readPart())
        case 2:
            // What the peer says, with a byte changed.
            let (index, change) = (Int(reader.readUInt16() ?? 0), reader.readUInt8() ?? 0)
            self.keep(from: self.peer)
            guard !self.kept.isEmpty else { return }
            var datagram = self.kept.removeFirst()
            if !datagram.isEmpty { datagram[index % datagram.count] ^= change }
            self.receive(datagram.span.bytes)
        case 3:
            guard let next = self.endpoint.nextTimeout?.at else { return }
            self.now = max(self.now, next)
            self.endpoint.handleTimeout(at: self.now)
        case 4: self.exchange()
        case 5: self.tellFingerprint()
        case 6 where action >> 3 == 31: self.endpoint.close(at: self.now)
        case 6: self.endpoint.start(role: action & 8 == 0 ? .client : .server, at: self.now)
        default:
            let data = reader.readPart().array
            let sealed = [UInt8].writing(capacity: 20_000) { _ = self.endpoint.seal(data.span.bytes, into: &$0) }
            precondition(self.isVerified || sealed?.isEmpty != false, "sealed for nobody known")
        }
    }

    func drain() {
        while self.pollTransmit(self.endpoint) != nil {}
        while let event = self.endpoint.pollEvent() { if event == .connected { self.isVerified = true } }
        self.endpoint.deliverHeld { _ in precondition(self.isVerified) }
    }

    private func tellFingerprint() {
        self.endpoint.setRemoteFingerprints([FuzzIdentity.certificates[1].fingerprint()])
    }

    /// One flight each way.
    private func exchange() {
        while let datagram = self.pollTransmit(self.endpoint) {
            self.peer.receive(datagram.span.bytes, at: self.now) { _ in }
        }
        self.keep(from: self.peer)
        let datagrams = self.kept
        self.kept = []
        for datagram in datagrams { self.receive(datagram.span.bytes) }
        while self.peer.pollEvent() != nil {}
    }

    private func receive(_ datagram: RawSpan) {
        self.endpoint.receive(datagram, at: self.now) { _ in
            var isVerified = self.isVerified
            // The event may still be waiting.
            if self.endpoint.isConnected { isVerified = true }
            precondition(isVerified, "delivered from nobody known")
        }
        self.drain()
    }

    private func keep(from endpoint: DTLSEndpoint) {
        while self.kept.count < 32, let datagram = self.pollTransmit(endpoint) { self.kept.append(datagram) }
    }

    private func pollTransmit(_ endpoint: DTLSEndpoint) -> [UInt8]? {
        var writer = ByteWriter(self.memory)
        guard endpoint.pollTransmit(into: &writer, at: self.now) else { return nil }
        precondition(writer.count <= 1_200, "a datagram of \(writer.count) bytes")
        return writer.bytes.array
    }
}

// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCWire

/// An endpoint with all that it has said and delivered.
final class Peer {
    let endpoint: DTLSEndpoint
    let certificate: Certificate
    private(set) var events: [DTLSEvent] = []
    var received: [[UInt8]] = []

    init(_ certificate: Certificate, _ configuration: DTLSConfiguration = .init()) {
        self.certificate = certificate
        do {
            self.endpoint = try DTLSEndpoint(certificate: certificate, configuration: configuration)
        } catch {
            fatalError("no endpoint: \(error)")
        }
    }

    init(_ context: DTLSContext) {
        self.certificate = context.certificate
        self.endpoint = DTLSEndpoint(context: context)
    }

    func receive(_ datagram: [UInt8], at now: Instant) {
        self.endpoint.receive(datagram.span.bytes, at: now) { self.received.append($0.array) }
    }

    /// What waits to be sent.
    func drain(at now: Instant) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        while true {
            var wrote = false
            let datagram = [UInt8].writing(capacity: 20_000) { wrote = self.endpoint.pollTransmit(into: &$0, at: now) }
            guard wrote, let datagram else { break }
            datagrams.append(datagram)
        }
        while let event = self.endpoint.pollEvent() {
            self.events.append(event)
            if event == .connected { self.endpoint.deliverHeld { self.received.append($0.array) } }
        }
        return datagrams
    }

    func seal(_ data: [UInt8], capacity: Int = 20_000) -> [UInt8]? {
        var isSealed = false
        let record = [UInt8].writing(capacity: capacity) { isSealed = self.endpoint.seal(data.span.bytes, into: &$0) }
        return isSealed ? record : nil
    }

    var failure: DTLSFailure? {
        for case .failed(let failure) in self.events { return failure }
        return nil
    }

    /// Whether nothing can be got out of it or through it.
    var isShut: Bool {
        self.seal([1]) == nil && self.endpoint.exportKeyingMaterial(label: "label", count: 16) == nil
            && self.received.isEmpty && !self.endpoint.isConnected
    }
}

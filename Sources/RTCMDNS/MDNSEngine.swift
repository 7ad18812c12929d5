// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// The open questions of a resolver, and the interfaces they are asked on.
package final class MDNSEngine: DatagramEngine {
    /// Where questions go out: one for each interface.
    package var routes: [Transmit] = []
    private(set) var queries: [MDNSQuery] = []
    private let port: UInt16
    private var random: RandomSource
    private var outbox: [(transmit: Transmit, bytes: [UInt8])] = []

    /// An engine without questions.
    ///
    /// - Parameter port: the port of the group; what arrives at it was not meant for one question alone.
    package init(port: UInt16, random: RandomSource) {
        self.port = port
        self.random = random
    }

    /// Asks for `name`, unless that is under way.
    package func ask(_ name: DNSName, at now: Instant) {
        guard !self.queries.contains(where: { $0.name == name }) else { return }
        let id = UInt16(truncatingIfNeeded: self.random.next())
        self.queries.append(MDNSQuery(name: name, id: id, at: now))
    }

    /// Takes out a question that is over; `nil` when there is none.
    package func pollFinished() -> MDNSQuery? {
        guard let index = self.queries.firstIndex(where: { $0.state == .finished }) else { return nil }
        return self.queries.remove(at: index)
    }

    package func receive(
        _ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant
    ) {
        guard let message = DNSMessage(datagram) else { return }
        let isUnicast = local.port != self.port
        for index in self.queries.indices { self.queries[index].receive(message, isUnicast: isUnicast, at: now) }
    }

    package func handleTimeout(at now: Instant) {
        for index in self.queries.indices { self.queries[index].handleTimeout(at: now) }
    }

    package var nextTimeout: Instant? { self.queries.compactMap(\.nextTimeout).min() }

    package func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        if self.outbox.isEmpty { self.fillOutbox(at: now) }
        guard let (transmit, bytes) = self.outbox.last, bytes.count <= writer.remaining else { return nil }
        self.outbox.removeLast()
        writer.write(bytes)
        return transmit
    }

    private func fillOutbox(at now: Instant) {
        for index in self.queries.indices {
            var isDue = false
            let bytes = [UInt8].writing(capacity: 1_024) {
                isDue = self.queries[index].pollTransmit(into: &$0, at: now)
            }
            guard isDue, let bytes else { continue }
            self.outbox += self.routes.map { ($0, bytes) }
        }
    }
}

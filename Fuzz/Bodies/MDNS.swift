// SPDX-License-Identifier: Apache-2.0

internal import RTCMDNS
internal import RTCWire

extension FuzzBody {
    /// A DNS message that is taken prints as bytes that are the same message; and it ends no question too early.
    static let mdns = FuzzBody("mdns") { bytes in
        if let message = DNSMessage(bytes) {
            let written = [UInt8].writing(capacity: 65_536) { message.write(into: &$0) }
            guard let written else { preconditionFailure("a message of \(bytes.byteCount) bytes does not print") }
            precondition(DNSMessage(written.span.bytes) == message)
        }
        let address = TransportAddress(ip: IPAddress(ipv4: 0xE000_00FB), port: 5_353)
        let engine = MDNSEngine(port: 5_353, random: .seeded(1))
        engine.routes = [Transmit(local: address, remote: address)]
        guard let name = DNSName("0f0f0f0f-1111-2222-3333-444444444444.local") else { return }
        engine.ask(name, at: .start)
        var now = Instant.start
        for _ in 0..<8 {
            engine.receive(bytes, from: address, on: address, at: now)
            while [UInt8].writing(capacity: 1_500, { _ = engine.pollTransmit(into: &$0, at: now) })?.isEmpty == false {}
            guard let next = engine.nextTimeout else { return }
            now = max(now, next)
            engine.handleTimeout(at: now)
        }
        precondition(engine.nextTimeout == nil, "a question never ends")
    }
}

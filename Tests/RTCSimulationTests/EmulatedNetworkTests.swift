// SPDX-License-Identifier: Apache-2.0

import RTCSimulation
import RTCWire
import Testing

/// Sends one numbered datagram each 10 ms, and keeps what it receives.
private final class Ticker: DatagramEngine {
    let local: TransportAddress
    let remote: TransportAddress
    var left: Int
    var next: Instant?
    var waiting: [UInt8] = []
    var received: [(number: UInt8, at: Instant)] = []

    init(local: TransportAddress, remote: TransportAddress, count: Int) {
        self.local = local
        self.remote = remote
        self.left = count
        self.next = count > 0 ? .start : nil
    }

    func receive(_ datagram: RawSpan, from: TransportAddress, on: TransportAddress, at now: Instant) {
        if let number = datagram.byte(at: 0) { self.received.append((number, now)) }
    }

    func handleTimeout(at now: Instant) {
        guard let next, next <= now else { return }
        self.waiting.append(UInt8(truncatingIfNeeded: self.left))
        self.left -= 1
        self.next = self.left > 0 ? now + .milliseconds(10) : nil
    }

    var nextTimeout: Instant? { self.next }

    func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        guard !self.waiting.isEmpty else { return nil }
        writer.write(self.waiting.removeFirst())
        return Transmit(local: self.local, remote: self.remote)
    }
}

@Suite struct EmulatedNetworkTests {
    private func run(_ conditions: NetworkConditions, seed: UInt64 = 1, count: Int = 200) -> Ticker {
        let one = TransportAddress(ip: IPAddress(ipv4: 0x0A00_0001), port: 1)
        let two = TransportAddress(ip: IPAddress(ipv4: 0x0A00_0002), port: 2)
        let network = EmulatedNetwork(conditions: conditions, seed: seed)
        let receiver = Ticker(local: two, remote: one, count: 0)
        network.attach(Ticker(local: one, remote: two, count: count), at: [one])
        network.attach(receiver, at: [two])
        network.run(for: .seconds(10))
        return receiver
    }

    @Test func `A clean path delivers all in order after its delay`() {
        let receiver = self.run(NetworkConditions(delay: .milliseconds(25)))
        #expect(receiver.received.map(\.number) == (1...200).reversed().map { UInt8($0) })
        #expect(receiver.received.first?.at == .start + .milliseconds(25))
    }

    @Test func `The same seed gives the same run, another seed another`() {
        let faults = NetworkConditions(jitter: .milliseconds(30), loss: 0.2, duplication: 0.1)
        let first = self.run(faults, seed: 5).received.map(\.number)
        #expect(first == self.run(faults, seed: 5).received.map(\.number))
        #expect(first != self.run(faults, seed: 6).received.map(\.number))
        #expect(first != first.sorted(by: >))
    }

    @Test func `Loss takes its share`() {
        let count = self.run(NetworkConditions(loss: 0.3)).received.count
        #expect((110...170).contains(count))
    }

    @Test func `Loss in bursts takes the same share in fewer and longer gaps`() {
        var (lost, gaps) = (0, 0)
        for seed in UInt64(0)..<20 {
            let arrived = Set(self.run(NetworkConditions(loss: 0.3, lossBurst: 4), seed: seed).received.map(\.number))
            var wasLost = false
            for number in UInt8(1)...200 {
                let isLost = !arrived.contains(number)
                if isLost { lost += 1 }
                if isLost, !wasLost { gaps += 1 }
                wasLost = isLost
            }
        }
        #expect((900...1_500).contains(lost), "\(lost) of 4,000")
        #expect((3...5).contains(Double(lost) / Double(gaps)), "in \(gaps) gaps")
    }

    @Test func `A path that is down delivers nothing`() {
        #expect(self.run(NetworkConditions(isDown: true)).received.isEmpty)
    }

    @Test func `A bottleneck spaces datagrams and drops what its queue cannot hold`() {
        // 29 bytes each 10 ms are 23,200 bit/s: more than twice the bottleneck.
        let receiver = self.run(NetworkConditions(bitrate: 10_000, queueBytes: 100))
        #expect((70...110).contains(receiver.received.count))
    }
}

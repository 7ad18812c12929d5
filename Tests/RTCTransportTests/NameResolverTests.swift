// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import RTCWire
import Testing

@testable import RTCMDNS
@testable import RTCTransport

/// Answers each question of the group for one name, by unicast or by multicast.
private final class Responder: DatagramEngine {
    let name: DNSName
    let unicast: Bool
    var group: TransportAddress
    var from: TransportAddress?
    var asked = 0
    private var outbox: [(Transmit, [UInt8])] = []

    init(name: DNSName, unicast: Bool, group: TransportAddress) {
        self.name = name
        self.unicast = unicast
        self.group = group
    }

    func receive(_ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant) {
        guard let question = DNSMessage(datagram), !question.isResponse,
            question.questions.contains(where: { $0.name == self.name }), let from = self.from
        else { return }
        self.asked += 1
        // Noise first: it must be survived.
        let noise: [UInt8] = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0, 1]
        var answer = DNSMessage()
        answer.isResponse = true
        answer.id = self.unicast ? question.id : 0
        answer.addresses = [.init(name: self.name, address: IPAddress(ipv4: 0xC000_0207), timeToLive: 120)]
        let bytes = [UInt8].writing(capacity: 512) { answer.write(into: &$0) } ?? []
        let transmit = Transmit(local: from, remote: self.unicast ? remote : self.group)
        self.outbox += [(transmit, noise), (transmit, bytes)]
    }

    func handleTimeout(at now: Instant) {}
    var nextTimeout: Instant? { nil }

    func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        guard let (transmit, bytes) = self.outbox.first else { return nil }
        self.outbox.removeFirst()
        writer.write(bytes)
        return transmit
    }
}

@Suite(.tags(.sockets), .serialized, .timeLimit(.minutes(1))) struct NameResolverTests {
    private let host = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local"
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func loopbackInterface() throws -> NetworkInterface {
        try #require(try NetworkInterface.all().first { $0.address == loopback.ip })
    }

    @Test(arguments: [true, false])
    func `A UUID name is resolved over the loopback interface`(unicast: Bool) async throws {
        let port: UInt16 = unicast ? 25_353 : 25_354
        let interface = try self.loopbackInterface()
        let group = TransportAddress(ip: IPAddress(ipv4: 0xE000_00FB), port: port)
        let engine = Responder(name: try #require(DNSName(self.host)), unicast: unicast, group: group)
        var options = DatagramDriverConfiguration()
        options.sharesPorts = true
        let responder = DatagramDriver(engine: engine, eventLoop: self.loop, configuration: options)
        let listener = TransportAddress(ip: IPAddress(ipv4: 0), port: port)
        let outcome = try await responder.bind(to: [listener, loopback]).get()
        try #require(outcome.failures.isEmpty)
        try await on(self.loop) {
            responder.engine.from = outcome.bound[1]
            #expect(responder.join(group.ip, on: interface, local: listener))
            #expect(responder.sendMulticast(on: interface, local: outcome.bound[1]))
        }
        var configuration = MDNSResolver.Configuration(interfaces: [interface])
        configuration.port = port
        let resolver = MDNSResolver(eventLoop: self.loop, configuration: configuration)
        async let first = resolver.resolve(self.host).get()
        async let second = resolver.resolve(self.host.uppercased()).get()
        let (one, two) = try await (first, second)
        #expect(one == [IPAddress(ipv4: 0xC000_0207)] && two == one)
        #expect(try await on(self.loop) { responder.engine.asked } == 1)
        try await resolver.close().get()
        try await responder.close().get()
    }

    @Test func `Names that cannot be asked for fail at once`() async throws {
        let resolver = MDNSResolver(eventLoop: self.loop, configuration: .init(interfaces: []))
        await #expect(throws: NameResolutionError.invalidName) { try await resolver.resolve("printer.local").get() }
        await #expect(throws: NameResolutionError.noInterface) { try await resolver.resolve(self.host).get() }
        try await resolver.close().get()
        await #expect(throws: NameResolutionError.closed) { try await resolver.resolve(self.host).get() }
    }

    @Test func `S12: look-ups are bounded in number and end with the resolver`() async throws {
        var configuration = MDNSResolver.Configuration(interfaces: [try self.loopbackInterface()])
        configuration.port = 25_355
        configuration.limit = 2
        let resolver = MDNSResolver(eventLoop: self.loop, configuration: configuration)
        let names = ["a", "b", "c"].map { $0 + self.host.dropFirst() }
        let pending = names.map { resolver.resolve($0) }
        await #expect(throws: NameResolutionError.tooManyLookups) { try await pending[2].get() }
        try await resolver.close().get()
        for future in pending.prefix(2) {
            await #expect(throws: NameResolutionError.closed) { try await future.get() }
        }
    }

    @Test func `Host names are looked up off the loop`() async throws {
        let resolver = HostNameResolver(eventLoop: self.loop)
        #expect(try await resolver.resolve("localhost").get().contains { $0.isLoopback })
        #expect(try await resolver.resolve("2001:db8::1").get() == [try #require(IPAddress("2001:db8::1"))])
        for bad in ["", "a..b", "x y", "host.local", "HOST.LOCAL.", String(repeating: "a", count: 64)] {
            await #expect(throws: NameResolutionError.invalidName) { try await resolver.resolve(bad).get() }
        }
        let none = HostNameResolver(eventLoop: self.loop, limit: 0)
        await #expect(throws: NameResolutionError.tooManyLookups) { try await none.resolve("localhost").get() }
    }
}

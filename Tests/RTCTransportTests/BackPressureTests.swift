// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
    import Glibc
    import NIOCore
    import NIOPosix
    import RTCWire
    import Testing

    @testable import RTCTransport

    /// UDP over loopback never fills a send buffer, so a TCP socket stands in: its `sendto` ignores the address, fails
    /// with EAGAIN as long as nobody reads, and one-byte datagrams come out of it in order.
    @Suite(.tags(.sockets), .timeLimit(.minutes(1))) struct BackPressureTests {
        private struct Pipe {
            let writer: CInt
            let reader: CInt

            init() throws {
                let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
                defer { Glibc.close(listener) }
                var small: CInt = 2_048
                setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, 4)
                let bound = loopback.withSockAddr { Glibc.bind(listener, $0, $1) }
                try #require(bound == 0 && listen(listener, 1) == 0)
                var local = sockaddr_in()
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                try withUnsafeMutableBytes(of: &local) {
                    let address = try #require($0.baseAddress).assumingMemoryBound(to: sockaddr.self)
                    try #require(getsockname(listener, address, &length) == 0)
                }
                self.writer = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
                setsockopt(self.writer, SOL_SOCKET, SO_SNDBUF, &small, 4)
                let writer = self.writer
                try #require(TransportAddress(local).withSockAddr { connect(writer, $0, $1) } == 0)
                self.reader = accept(listener, nil, nil)
                try #require(self.reader >= 0)
            }

            /// Reads what is there, without waiting.
            func read() -> [UInt8] {
                [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
                    count = max(0, recv(self.reader, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT)))
                }
            }

            func close() {
                Glibc.close(self.writer)
                Glibc.close(self.reader)
            }
        }

        /// Sends numbers without end, one byte each.
        private final class NumberEngine: DatagramEngine {
            let transmit: Transmit
            let total: Int
            var sent = 0
            init(transmit: Transmit, total: Int) {
                self.transmit = transmit
                self.total = total
            }
            var nextTimeout: Instant? { nil }
            func handleTimeout(at now: Instant) {}
            func receive(_: RawSpan, from: TransportAddress, on: TransportAddress, at: Instant) {}
            func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
                guard self.sent < self.total else { return nil }
                writer.write(UInt8(self.sent % 251))
                self.sent += 1
                return self.transmit
            }
        }

        private func endpoint(_ total: Int, _ pipe: Pipe, limit: Duration) async throws -> Endpoint<NumberEngine> {
            var configuration = DatagramDriverConfiguration()
            configuration.blockedLimit = limit
            // The driver replaces its socket's descriptor after it is bound; the engine sends from that address.
            let port: UInt16 = 47_320 + UInt16.random(in: 0..<1_000)
            let address = TransportAddress(ip: loopback.ip, port: port)
            let engine = NumberEngine(transmit: Transmit(local: address, remote: loopback), total: total)
            let endpoint = try await Endpoint(engine, at: address, configuration: configuration)
            try await on(endpoint.loop) {
                let socket = endpoint.driver.sockets[0]
                endpoint.driver.sockets[0] = DatagramSocket(
                    address: socket.address, channel: socket.channel,
                    system: SystemSocket(descriptor: pipe.writer), usesSegmentation: false, usesMerging: false)
                endpoint.driver.perform { _, _ in }
            }
            return endpoint
        }

        @Test func `A full socket stops the engine and nothing is lost`() async throws {
            let pipe = try Pipe()
            let total = 30_000
            let endpoint = try await self.endpoint(total, pipe, limit: .seconds(30))
            #expect(try await eventually(endpoint.loop) { endpoint.driver.statistics.blockedSends > 0 })
            #expect(try await on(endpoint.loop) { endpoint.engine.sent } < total)
            var bytes: [UInt8] = []
            while bytes.count < total {
                let more = pipe.read()
                bytes += more
                if more.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            }
            #expect(bytes == (0..<total).map { UInt8($0 % 251) })
            let statistics = try await on(endpoint.loop) { endpoint.driver.statistics }
            #expect(statistics.datagramsSent == total && statistics.datagramsDropped == 0)
            try await endpoint.close()
            pipe.close()
        }

        @Test func `A socket that stays full is given up for a while and recovers`() async throws {
            let pipe = try Pipe()
            let total = 100_000
            let endpoint = try await self.endpoint(total, pipe, limit: .milliseconds(10))
            // Nobody reads: after the limit the engine drains into nothing instead of being held up.
            #expect(try await eventually(endpoint.loop) { endpoint.engine.sent == total })
            let statistics = try await on(endpoint.loop) { endpoint.driver.statistics }
            #expect(statistics.datagramsSent + statistics.datagramsExpired == total)
            #expect(statistics.datagramsExpired > 0)
            while !pipe.read().isEmpty {}
            try await endpoint.close()
            pipe.close()
        }

        @Test func `Closing does not wait for a full socket for ever`() async throws {
            let pipe = try Pipe()
            let endpoint = try await self.endpoint(.max, pipe, limit: .milliseconds(20))
            try await endpoint.close()
            #expect(
                try await on(endpoint.loop) { endpoint.driver.held.isEmpty && endpoint.driver.timer.armedAt == nil })
            pipe.close()
        }
    }
#endif

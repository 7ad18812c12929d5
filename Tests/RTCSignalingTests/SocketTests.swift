// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import RTC
import Testing

@testable import RTCSignaling

@Suite(.timeLimit(.minutes(1)))
struct SocketTests {
    private static let offer = RTCSignalingMessage.description(.init(type: .offer, sdp: "v=0\r\n"))
    private static let answer = RTCSignalingMessage.description(.init(type: .answer, sdp: "v=0\r\ns=-\r\n"))
    private static let candidate = RTCSignalingMessage.candidate(
        .init(candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0", sdpMLineIndex: 0))

    private static func unixPath() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("rtc-\(UInt32.random(in: 0...(.max)))").path
    }

    /// A TCP port of loopback that nobody uses now.
    private static func freePort() async throws -> Int {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await server.close()
        return port
    }

    /// The end that sends first, the end that receives first.
    private static func exchange(_ endpoint: RTCSocketSignaling.Endpoint) async throws {
        let first = RTCSocketSignaling(endpoint)
        let second = RTCSocketSignaling(endpoint)
        async let arriving = second.receive()
        try await first.send(Self.offer)
        #expect(try await arriving == Self.offer)
        try await second.send(Self.answer)
        try await second.send(Self.candidate)
        #expect(try await first.receive() == Self.answer)
        #expect(try await first.receive() == Self.candidate)
        try await first.send(.bye)
        #expect(try await second.receive() == .bye)
        await first.close()
        #expect(try await second.receive() == nil)
        await second.close()
        await second.close()
        await #expect(throws: RTCError.self) { try await second.receive() }
        // Saying goodbye to somebody who has left is no failure; the rest is.
        try? await second.send(.bye)
    }

    @Test func `Two ends exchange messages over TCP`() async throws {
        try await Self.exchange(.tcp(host: "127.0.0.1", port: Self.freePort()))
    }

    @Test func `Two ends exchange messages over a Unix-domain socket, which is gone afterwards`() async throws {
        let path = Self.unixPath()
        try await Self.exchange(.unix(path: path))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `Where nobody listens the error names the place and what to do`() async throws {
        let port = try await Self.freePort()
        let error = await #expect(throws: RTCError.self) {
            try await SocketConnection.connect(to: .tcp(host: "127.0.0.1", port: port), patience: .milliseconds(100))
        }
        #expect(error?.code == .network)
        #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        #expect(error?.message.contains("start the other end") == true)
        #expect(error?.message.contains("refused") == true)
        let path = Self.unixPath()
        let missing = await #expect(throws: RTCError.self) {
            try await SocketConnection.connect(to: .unix(path: path), patience: .milliseconds(100))
        }
        #expect(missing?.message.contains(path) == true)
        // What cannot pass by waiting is told at once.
        let long = String(repeating: "x", count: 200)
        await #expect(throws: RTCError.self) { try await RTCSocketSignaling(.unix(path: "/\(long)")).receive() }
        await #expect(throws: RTCError.self) {
            try await RTCSocketSignaling(.unix(path: "/no/such/folder/s")).send(.bye)
        }
    }

    @Test func `A port in use is named`() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let error = await #expect(throws: RTCError.self) {
            try await RTCSocketSignaling(.tcp(host: "127.0.0.1", port: port)).send(Self.offer)
        }
        #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        #expect(error?.message.contains("in use") == true)
        try await server.close()
    }

    @Test func `Cancelling and closing end the wait for the other end`() async throws {
        let endpoint = RTCSocketSignaling.Endpoint.tcp(host: "127.0.0.1", port: try await Self.freePort())
        let cancelled = RTCSocketSignaling(endpoint)
        let sending = Task { try await cancelled.send(Self.offer) }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        let closed = RTCSocketSignaling(endpoint)
        let waiting = Task { try await closed.send(Self.offer) }
        await closed.close()
        await #expect(throws: (any Error).self) { try await waiting.value }
    }

    @Test(arguments: ["nonsense\n", "{\"type\":\"dance\"}\n"])
    func `What is no message is an error that shows it`(line: String) async throws {
        let error = try await Self.failure(after: ByteBuffer(string: line))
        #expect(error.code == .syntax)
        #expect(error.message.contains(line.prefix(8)))
    }

    @Test(arguments: [true, false])
    func `A line without end is refused at its bound`(hasEnd: Bool) async throws {
        let line = String(repeating: "x", count: SignalingLine.bound + 1) + (hasEnd ? "\n" : "")
        let error = try await Self.failure(after: ByteBuffer(string: line))
        #expect(error.code == .syntax)
        #expect(error.message.contains("\(SignalingLine.bound)"))
    }

    @Test func `A flood of messages that nobody reads is refused`() async throws {
        let line = try SignalingLine.encode(.bye) + "\n"
        let flood = ByteBuffer(string: String(repeating: line, count: LineQueue.bound * 4))
        let (first, raw) = try await Self.connected()
        #expect(try await first.receive() == .bye)
        try? await raw.writeAndFlush(flood)
        // Nobody has read when the socket is closed for it.
        try? await raw.closeFuture.get()
        await #expect(throws: RTCError.self) { while try await first.receive() != nil {} }
        await first.close()
        try? await raw.close()
    }

    /// An end that has sent an offer and received a goodbye, and a bare socket at the other end.
    private static func connected() async throws -> (RTCSocketSignaling, any Channel) {
        let port = try await Self.freePort()
        let first = RTCSocketSignaling(.tcp(host: "127.0.0.1", port: port))
        async let sent: Void = first.send(Self.offer)
        let raw = try await SocketConnection.connect(to: .tcp(host: "127.0.0.1", port: port)).channel
        try await sent
        try await raw.writeAndFlush(ByteBuffer(string: SignalingLine.encode(.bye) + "\n"))
        return (first, raw)
    }

    private static func failure(after bytes: ByteBuffer) async throws -> RTCError {
        let (first, raw) = try await Self.connected()
        #expect(try await first.receive() == .bye)
        try? await raw.writeAndFlush(bytes)
        let error = await #expect(throws: RTCError.self) { try await first.receive() }
        await first.close()
        try? await raw.close()
        return try #require(error)
    }
}

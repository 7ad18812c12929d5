// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ReaderTests {
    @Test func `Messages before the first reader are kept, and those between two readers`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        for index in 0..<10 { try await near.send("\(index)") }
        // The peer has everything when it says so on another channel; all channels share one order of arrival here.
        let (flag, seen) = try await pair.channel("flag")
        try await flag.send("sent")
        _ = try await seen.messages.take(1)
        #expect(try await far.messages.take(3) == [.text("0"), .text("1"), .text("2")])
        #expect(try await far.messages.take(7).last == .text("9"))
        await pair.close()
    }

    @Test func `Each of several readers gets every message`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        var iterators = (0..<3).map { _ in far.messages.makeAsyncIterator() }
        for index in 0..<20 { try await near.send("\(index)") }
        near.close()
        for reader in iterators.indices {
            var texts: [RTCDataChannelMessage] = []
            while let message = try await iterators[reader].next() { texts.append(message) }
            #expect(texts == (0..<20).map { .text("\($0)") })
        }
        await pair.close()
    }

    @Test func `A slow reader holds the peer back, and gets everything in the end`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        near.maxBufferedAmount = 64 << 10
        let chunk = [UInt8](repeating: 9, count: 16_384)
        let count = 2_000
        let sending = Task {
            for _ in 0..<count { try await near.send(chunk) }
            try await near.send("end")
        }
        // Nobody reads: the sender comes to a stop long before the end. It has when the amount does not change while
        // the network, asked for its statistics many times, moves nothing.
        var last: UInt64 = 0
        var unchanged = 0
        while unchanged < 50 {
            let sent = await pair.answerer.getStats().dataChannels.first?.bytesReceived ?? 0
            unchanged = sent == last ? unchanged + 1 : 0
            last = sent
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(last > 100_000)
        #expect(last < 8 << 20)
        var total = 0
        for try await message in far.messages {
            guard case .binary = message else { break }
            total += message.byteCount
        }
        #expect(total == count * chunk.count)
        try await sending.value
        await pair.close()
    }

    @Test func `A channel that nobody holds does not hold the peer back`() async throws {
        let pair = Pair()
        let near = try await pair.offerer.createDataChannel("ignored")
        try await pair.negotiate()
        try await near.waitUntilOpen()
        do { _ = await pair.answerer.dataChannels.first { _ in true } }
        let chunk = [UInt8](repeating: 9, count: 65_536)
        for _ in 0..<200 { try await near.send(chunk) }
        let (flag, seen) = try await pair.channel("flag")
        try await flag.send("through")
        #expect(try await seen.messages.take(1) == [.text("through")])
        await pair.close()
    }

    @Test func `Cancelling ends a reader, a sender and a waiter with CancellationError`() async throws {
        let pair = Pair()
        let waiting = try await pair.offerer.createDataChannel("waits")
        let opening = Task { try await waiting.waitUntilOpen() }
        let sending = Task { try await waiting.send("never") }
        opening.cancel()
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await opening.value }
        await #expect(throws: CancellationError.self) { try await sending.value }

        let (near, far) = try await pair.channel()
        let reading = Task { for try await _ in far.messages {} }
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }

        near.maxBufferedAmount = 1
        // Nobody reads: sooner or later a send waits.
        let flooding = Task {
            while true { try await near.send([UInt8](repeating: 0, count: 100_000)) }
        }
        while near.bufferedAmount == 0 { await Task.yield() }
        flooding.cancel()
        await #expect(throws: CancellationError.self) { try await flooding.value }
        await pair.close()
    }

    @Test func `A send that was cancelled sends nothing, and those behind it go on`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        near.maxBufferedAmount = 1
        let chunk = [UInt8](repeating: 0, count: 200_000)
        var filling = 0
        while near.bufferedAmount == 0 || filling < 40 {
            do { try near.trySend(chunk) } catch { break }
            filling += 1
        }
        let cancelled = Task { try await near.send("cancelled") }
        cancelled.cancel()
        let kept = Task { try await near.send("kept") }
        let outcome = await cancelled.result
        var texts: [String] = []
        for try await case let message in far.messages {
            guard case .text(let text) = message else { continue }
            texts.append(text)
            if text == "kept" { break }
        }
        try await kept.value
        if case .failure = outcome { #expect(texts == ["kept"]) }
        await pair.close()
    }
}

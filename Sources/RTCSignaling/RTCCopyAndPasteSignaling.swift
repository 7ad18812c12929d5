// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTC
internal import Synchronization

/// Signaling by hand: prints each message as a line, and reads lines that a person pastes.
///
/// What is for the person goes to standard error, the lines themselves to standard output.
public final class RTCCopyAndPasteSignaling: RTCSignaling {
    private struct Progress {
        var hasSent = false
        var hasReceived = false
    }

    private let lines = InputLines()
    private let progress = Mutex(Progress())

    /// Signaling over standard input and output.
    public init() {}

    /// Prints the message for a person to carry over; says nothing of a goodbye, which they see.
    public func send(_ message: RTCSignalingMessage) async throws {
        if message == .bye { return }
        let line = try SignalingLine.encode(message)
        self.progress.withLock { $0.hasSent = true }
        Self.print("-- Give this line to the other end --")
        Self.print(line, to: .standardOutput)
        Self.print("")
    }

    /// Waits for a pasted line, and asks again when it is no message; `nil` when the input has ended.
    public func receive() async throws -> RTCSignalingMessage? {
        // Once each side has the other's description there is nothing that a person must do.
        if self.progress.withLock({ !$0.hasSent || !$0.hasReceived }) {
            Self.print("-- Paste the line of the other end, then press return --")
        }
        while let line = await self.lines.next() {
            if line.allSatisfy(\.isWhitespace) { continue }
            do {
                let message = try SignalingLine.decode(line)
                self.progress.withLock { $0.hasReceived = true }
                return message
            } catch {
                Self.print("\(error)\nTry again:")
            }
        }
        try Task.checkCancellation()
        return nil
    }

    /// Nothing to end.
    public func close() async {}

    private static func print(_ text: String, to file: FileHandle = .standardError) {
        try? file.write(contentsOf: Data((text + "\n").utf8))
    }
}

/// The lines of standard input, read on a thread of its own, because reading blocks and cannot be stopped.
private final class InputLines: Sendable {
    private let stream: AsyncStream<String>
    private let start: Mutex<(@Sendable () -> Void)?>

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(64))
        self.stream = stream
        self.start = Mutex {
            while let line = readLine(strippingNewline: true) { continuation.yield(line) }
            continuation.finish()
        }
    }

    /// The next line; `nil` at the end, and when the task is cancelled.
    func next() async -> String? {
        if let start = self.start.withLock({ $0.take() }) { Thread.detachNewThread(start) }
        var iterator = self.stream.makeAsyncIterator()
        return await iterator.next()
    }
}

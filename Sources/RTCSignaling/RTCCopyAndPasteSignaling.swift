// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation
internal import RTC

/// Signaling by hand: prints each message as a line, and reads lines that a person pastes.
public final class RTCCopyAndPasteSignaling: RTCSignaling {
    private let lines: AsyncStream<String>
    private let reader: LineReader

    /// Signaling over standard input and output.
    public init() {
        let reader = LineReader()
        self.reader = reader
        self.lines = AsyncStream { await reader.next() }
    }

    /// Prints the message for a person to carry over.
    public func send(_ message: RTCSignalingMessage) async throws {
        if message == .bye { return }
        Self.print("-- Give this line to the other end --")
        Self.print(try SignalingLine.encode(message), to: .standardOutput)
        Self.print("")
    }

    /// Waits for a pasted line; asks again when it is no message.
    public func receive() async throws -> RTCSignalingMessage? {
        Self.print("-- Paste the line of the other end, then press return --")
        for await line in self.lines where !line.allSatisfy(\.isWhitespace) {
            do {
                let message = try SignalingLine.decode(line)
                Self.print("")
                return message
            } catch {
                Self.print("\(error)\nTry again:")
            }
        }
        return nil
    }

    /// Nothing to end.
    public func close() async {}

    private static func print(_ text: String, to file: FileHandle = .standardError) {
        try? file.write(contentsOf: Data((text + "\n").utf8))
    }
}

/// Reads lines of standard input on a queue of its own, because reading blocks.
private final class LineReader: Sendable {
    private let queue = DispatchQueue(label: "rtc.standard-input")

    func next() async -> String? {
        await withCheckedContinuation { continuation in
            self.queue.async { continuation.resume(returning: readLine(strippingNewline: true)) }
        }
    }
}

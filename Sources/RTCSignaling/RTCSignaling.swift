// SPDX-License-Identifier: Apache-2.0

internal import RTC

internal import Foundation

/// A way to carry signaling messages between two ends.
///
/// As with aiortc's helpers, the end that first sends waits for the other, and the end that first receives goes to it.
public protocol RTCSignaling: Sendable {
    /// Sends one message; waits for the other end if it is not there yet. Throws `RTCError` with code `.network` when it
    /// cannot be reached.
    func send(_ message: RTCSignalingMessage) async throws

    /// The other end's next message; `nil` when it has gone. Throws `RTCError`: `.network` when it cannot be reached,
    /// `.syntax` when what it sent is no message.
    func receive() async throws -> RTCSignalingMessage?

    /// Ends the exchange; safe to call twice.
    func close() async
}

/// One message as one line of JSON.
enum SignalingLine {
    /// The longest line that is accepted, in bytes.
    static var bound: Int { 262_144 }

    static func encode(_ message: RTCSignalingMessage) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(message), as: UTF8.self)
    }

    static func decode(_ line: String) throws -> RTCSignalingMessage {
        do {
            return try JSONDecoder().decode(RTCSignalingMessage.self, from: Data(line.utf8))
        } catch {
            let start = line.prefix(60)
            throw RTCError(
                .syntax,
                "\"\(start)\(line.count > 60 ? "…" : "")\" is no signaling message; expected one line of JSON such as "
                    + "{\"type\":\"offer\",\"sdp\":\"…\"}",
                underlying: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context): context.debugDescription
        case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case DecodingError.typeMismatch(_, let context): context.debugDescription
        case DecodingError.valueNotFound(_, let context): context.debugDescription
        default: String(describing: error)
        }
    }
}

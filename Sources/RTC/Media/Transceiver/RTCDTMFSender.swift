// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Sends telephone tones as events beside a sender's sound (W3C WebRTC §7, RFC 4733).
public final class RTCDTMFSender: Sendable {
    private struct State {
        var tones = ""
        var duration = Duration.milliseconds(100)
        var gap = Duration.milliseconds(70)
        var player: Task<Void, Never>?
    }

    private let core: SenderCore
    private let handle: ConnectionHandle
    private let state = Mutex(State())
    private let changes = Broadcaster<String>(.nothing)

    init(core: SenderCore, handle: ConnectionHandle) {
        self.core = core
        self.handle = handle
    }

    /// Whether the peer takes tones now.
    public var canInsertDTMF: Bool {
        self.core.state.withLock { $0.format?.telephoneEventType != nil && !$0.isStopped && $0.encoding.active }
    }

    /// The tones that are still to be played.
    public var toneBuffer: String { self.state.withLock { $0.tones } }

    /// Each tone as it begins, and an empty text when all have been played.
    public var toneChanges: AsyncStream<String> { self.changes.stream() }

    /// Plays `tones` in place of what is still to be played.
    ///
    /// - Parameters:
    ///   - tones: of `0` to `9`, `A` to `D`, `#` and `*`; a comma is a pause of 2 seconds. Empty ends the playing.
    ///   - duration: of a tone; kept within 40 ms and 6 s.
    ///   - interToneGap: the pause between two tones, at least 30 ms.
    ///
    /// Throws `RTCError`: `.invalidCharacter` for another tone, `.invalidState` when the peer takes no tones.
    public func insertDTMF(
        _ tones: String, duration: Duration = .milliseconds(100), interToneGap: Duration = .milliseconds(70)
    ) throws {
        let tones = tones.uppercased()
        if let wrong = tones.first(where: { !"0123456789ABCD#*,".contains($0) }) {
            throw RTCError(.invalidCharacter, "\"\(wrong)\" is no tone; use 0 to 9, A to D, #, * and a comma")
        }
        guard self.canInsertDTMF else {
            throw RTCError(
                .invalidState, "the peer takes no tones now; wait until it has accepted audio with telephone-event")
        }
        self.state.withLock { state in
            state.tones = tones
            state.duration = min(max(duration, .milliseconds(40)), .seconds(6))
            state.gap = max(interToneGap, .milliseconds(30))
            if state.player == nil, !tones.isEmpty { state.player = Task { await self.play() } }
        }
    }

    private func play() async {
        while let (tone, duration, gap) = self.next() {
            self.changes.yield(String(tone))
            if tone == "," {
                try? await Task.sleep(for: .seconds(2))
            } else {
                self.handle.core.sendTone(tone, duration: duration, of: self.core)
                try? await Task.sleep(for: duration + gap)
            }
        }
        self.changes.yield("")
    }

    private func next() -> (Character, Duration, Duration)? {
        self.state.withLock { state in
            guard !state.tones.isEmpty, self.canInsertDTMF else {
                state.tones = ""
                state.player = nil
                return nil
            }
            return (state.tones.removeFirst(), state.duration, state.gap)
        }
    }
}

/// A telephone tone that the peer sent.
public struct RTCReceivedTone: Hashable, Sendable {
    /// One of `0` to `9`, `A` to `D`, `#` and `*`.
    public let tone: Character
    /// How long the key was held.
    public let duration: Duration
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// What every track has: an identity, an end, a clock, and whether it is enabled and muted.
///
/// A class that conforms to ``MediaStreamTrack`` keeps one and gets most of the protocol from it.
public final class TrackCore: Sendable {
    /// What identifies the track; a UUID unless somebody says otherwise.
    public var id: String { self.state.withLock { $0.id } }
    /// The time that the track keeps.
    public let clock: any MediaClock

    private struct State {
        var id: String
        var hasEnded = false
        var isEnabled = true
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Readers that wait for their frame to be due.
        var sleeps: [Int: Task<Void, any Error>] = [:]
        var nextKey = 0
        var pacer = TrackPacer()
        var timing = TrackTiming()
    }

    private let state: Mutex<State>
    private let muted: Observable<Bool>

    /// The core of a live track.
    public init(id: String? = nil, isMuted: Bool = false, clock: any MediaClock = .system) {
        self.state = Mutex(State(id: id ?? UUID().uuidString.lowercased()))
        self.clock = clock
        self.muted = Observable(isMuted)
    }

    /// Takes the name that the peer has given the track.
    func setID(_ id: String) { self.state.withLock { $0.id = id } }

    /// Whether the track still gives frames.
    public var readyState: MediaStreamTrackState { self.state.withLock { $0.hasEnded } ? .ended : .live }

    /// Whether the sender sends what the track gives; silence or black pictures while it is `false`.
    public var isEnabled: Bool {
        get { self.state.withLock { $0.isEnabled } }
        set { self.state.withLock { $0.isEnabled = newValue } }
    }

    /// Whether nothing comes from the source for now.
    public var isMuted: Bool { self.muted.value }

    /// Whether nothing comes from the source: as it is now and each time that it changes.
    public var muteChanges: AsyncStream<Bool> { self.muted.stream }

    /// Says whether something comes from the source.
    public func setMuted(_ isMuted: Bool) { self.muted.value = isMuted }

    /// Ends the track; returns whether it was live.
    @discardableResult
    public func end() -> Bool {
        let ended: State? = self.state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            defer {
                state.waiters = [:]
                state.sleeps = [:]
            }
            return state
        }
        guard let ended else { return false }
        for waiter in ended.waiters.values { waiter.resume() }
        for sleep in ended.sleeps.values { sleep.cancel() }
        self.muted.finish()
        return true
    }

    /// Returns when the track has ended, or the task is cancelled.
    public func waitForEnd() async {
        let key = self.state.withLock { state in
            defer { state.nextKey += 1 }
            return state.nextKey
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = self.state.withLock { state in
                    if state.hasEnded || Task.isCancelled { return true }
                    state.waiters[key] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: key) }?.resume()
        }
    }

    /// Throws ``MediaStreamError`` if the track has ended.
    public func checkLive() throws {
        if self.readyState == .ended { throw MediaStreamError() }
    }

    /// Waits until the next frame is due and says what its time is: the first at once, then in real time.
    ///
    /// A frame lasts `length` ticks of 1/`rate` seconds. After a stall frames are skipped, never made up for. Throws
    /// ``MediaStreamError`` when the track has ended, and `CancellationError`.
    public func nextTimestamp(length: Int64, rate: Int) async throws -> (pts: Int64, timeBase: Rational) {
        try self.checkLive()
        try Task.checkCancellation()
        let (ticks, due) = self.state.withLock { $0.pacer.issue(length: length, rate: rate, now: self.clock.now) }
        if due > self.clock.now { try await self.sleep(until: due) }
        try self.checkLive()
        return (ticks, Rational(1, rate))
    }

    /// Waits until the clock is there; throws ``MediaStreamError`` as soon as the track ends, and `CancellationError`.
    public func sleep(until time: Duration) async throws {
        // A task of its own, which the end of the track can cancel without the reader's.
        let sleep = Task { try await self.clock.sleep(until: time) }
        let key: Int? = self.state.withLock { state in
            guard !state.hasEnded else { return nil }
            defer { state.nextKey += 1 }
            state.sleeps[state.nextKey] = sleep
            return state.nextKey
        }
        guard let key else {
            sleep.cancel()
            throw MediaStreamError()
        }
        defer { self.state.withLock { $0.sleeps[key] = nil } }
        do {
            try await withTaskCancellationHandler {
                try await sleep.value
            } onCancel: {
                sleep.cancel()
            }
        } catch {
            try self.checkLive()
            throw error
        }
    }

    /// The frame with the time that it should have: see ``TrackTiming``.
    func timed(_ frame: AudioFrame) -> AudioFrame {
        self.state.withLock { $0.timing.timed(frame, pacer: &$0.pacer, now: self.clock.now) }
    }

    /// The frame with the time that it should have: see ``TrackTiming``.
    func timed(_ frame: VideoFrame) -> VideoFrame {
        self.state.withLock { $0.timing.timed(frame, pacer: $0.pacer, now: self.clock.now) }
    }
}

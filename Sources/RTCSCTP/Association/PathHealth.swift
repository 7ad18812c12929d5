// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Whether the peer still answers (RFC 9260 §8.1 to §8.3).
struct PathHealth {
    /// A HEARTBEAT that was not answered; its number is random, so that an answer proves that it arrived.
    struct Probe: Hashable {
        static let byteCount = 16
        var nonce: UInt64
    }

    /// How long nothing must have come before a packet counts as the end of a gap.
    private static let gap = Duration.seconds(1)

    /// Timeouts since the peer last acknowledged anything.
    private(set) var errors = 0
    /// The first of these timeouts.
    private var silentSince = Instant.start
    private(set) var lastConfirmed = Instant.start
    private var lastHeard = Instant.start
    var probe: Probe?

    /// The association came up, or the handshake began.
    mutating func begin(at now: Instant) {
        self.errors = 0
        self.lastConfirmed = now
        self.lastHeard = now
        self.probe = nil
    }

    /// The peer acknowledged DATA or a HEARTBEAT.
    mutating func confirmed(at now: Instant) {
        self.errors = 0
        self.lastConfirmed = now
    }

    /// A valid packet came; `true` when it ends a gap in which our timers ran out.
    mutating func heard(at now: Instant) -> Bool {
        let endsGap = self.errors >= 2 && now - self.lastHeard >= Self.gap
        self.lastHeard = now
        return endsGap
    }

    /// A timeout; `true` when the peer counts as gone.
    ///
    /// Silence counts from the first timeout: before it the peer had nothing to confirm, for however long.
    mutating func timedOut(at now: Instant, limit: Int, silenceLimit: Duration) -> Bool {
        if self.errors == 0 { self.silentSince = now }
        self.errors += 1
        return self.errors > limit && now - self.silentSince >= silenceLimit
    }
}

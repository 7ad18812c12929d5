// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// When to ask the sender for a key frame: at once, then again with ever longer pauses until one came.
struct KeyFrameRequests: Sendable {
    /// From one request to the second; those after take twice as long each time.
    static let firstPause: Duration = .milliseconds(250)
    static let longestPause: Duration = .seconds(4)

    private var pause = Self.firstPause
    /// Not before this is another request sent.
    private(set) var next: Instant?
    private var isWanted = false
    private(set) var count = 0

    /// Whether a request is to be sent now; call it as often as a key frame is found wanting.
    mutating func isDue(at now: Instant, roundTripTime: Duration) -> Bool {
        if let next, now < next { return false }
        if self.isWanted { self.pause = min(self.pause * 2, Self.longestPause) }
        self.isWanted = true
        self.next = now + max(self.pause, roundTripTime + roundTripTime / 2)
        self.count += 1
        return true
    }

    /// Decoding goes on.
    mutating func satisfy() {
        guard self.isWanted else { return }
        self.isWanted = false
        self.pause = Self.firstPause
    }
}

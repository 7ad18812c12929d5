// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The round-trip time to the peer, smoothed as RFC 6298 §2 does.
struct RoundTripTime: Sendable {
    private(set) var smoothed: Duration?

    /// Until something is known.
    static let initial: Duration = .milliseconds(100)

    /// Takes a measurement.
    mutating func measured(_ sample: Duration) {
        self.smoothed = self.smoothed.map { $0 * 7 / 8 + sample / 8 } ?? sample
    }

    /// The best guess.
    var estimate: Duration { self.smoothed ?? Self.initial }
}

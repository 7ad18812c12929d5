// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// When a pair that does not answer is checked again.
///
/// RFC 8445 resends a check after 500 ms or more. Sending a new check each 50 ms instead makes set-up fast under loss;
/// the interval grows after a second, so that a dead pair costs little.
enum CheckBackoff {
    /// How many checks go out at the first interval.
    static let fastChecks = 20

    /// The interval after the check with the given number, the first being 1.
    static func interval(after count: Int, configuration: ICEConfiguration) -> Duration {
        var interval = configuration.firstRecheck
        var step = Self.fastChecks
        while step < count, interval < configuration.lastRecheck {
            interval = interval * 6 / 5
            step += 1
        }
        return min(interval, configuration.lastRecheck)
    }
}

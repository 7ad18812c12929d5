// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// How long a receiver should hold a picture back (libwebrtc's playout-delay): 0 to 40.95 s in steps of 10 ms.
package struct PlayoutDelay: Hashable, Sendable {
    /// In steps of 10 ms, 12 bits.
    private let minimumSteps: UInt16
    private let maximumSteps: UInt16

    /// The shortest wanted delay.
    package var minimum: Duration { .milliseconds(Int64(self.minimumSteps) * 10) }
    /// The longest wanted delay.
    package var maximum: Duration { .milliseconds(Int64(self.maximumSteps) * 10) }

    /// Delays, rounded down to steps and clamped to what can be said.
    package init(minimum: Duration, maximum: Duration) {
        func steps(_ duration: Duration) -> UInt16 {
            UInt16(min(max(duration.saturatedNanoseconds / 10_000_000, 0), 4_095))
        }
        self.minimumSteps = steps(minimum)
        self.maximumSteps = steps(maximum)
    }

    init(bits: UInt32) {
        self.minimumSteps = UInt16(truncatingIfNeeded: bits >> 12) & 0xFFF
        self.maximumSteps = UInt16(truncatingIfNeeded: bits) & 0xFFF
    }

    var bits: UInt32 { UInt32(self.minimumSteps) << 12 | UInt32(self.maximumSteps) }
}

// SPDX-License-Identifier: Apache-2.0

/// How the camera was held (3GPP TS 26.114 §7.4.5).
package struct VideoOrientation: Hashable, Sendable {
    /// How far the picture must be turned clockwise to be upright: 0, 90, 180 or 270 degrees.
    package var clockwiseDegrees: Int
    /// Whether the picture is mirrored.
    package var isFlipped = false
    /// Whether the camera looks away from whoever holds it.
    package var isBackCamera = false

    /// An orientation; degrees are taken modulo 360 and rounded down to a quarter turn.
    package init(clockwiseDegrees: Int) {
        self.clockwiseDegrees = ((clockwiseDegrees % 360) + 360) % 360 / 90 * 90
    }

    init(byte: UInt8) {
        self.clockwiseDegrees = Int(byte & 0x03) * 90
        self.isFlipped = byte & 0x04 != 0
        self.isBackCamera = byte & 0x08 != 0
    }

    var byte: UInt8 {
        UInt8(truncatingIfNeeded: self.clockwiseDegrees / 90) & 0x03 | (self.isFlipped ? 0x04 : 0)
            | (self.isBackCamera ? 0x08 : 0)
    }
}

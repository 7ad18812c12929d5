// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// The noise to play in silence, as an RTP payload tells it (RFC 3389 §3).
package struct ComfortNoise: Hashable, Sendable {
    /// The level in -dBov, 0 (loudest) to 127.
    package var level: UInt8
    /// The reflection coefficients of the spectrum, each above -1 and below 1, as Q15; none for white noise.
    package var coefficients: [Int16]

    /// The most coefficients that are kept; finer spectra cannot be told apart.
    package static let maxOrder = 12

    package init(level: UInt8, coefficients: [Int16] = []) {
        self.level = level & 0x7F
        self.coefficients = Array(coefficients.prefix(Self.maxOrder))
    }

    /// Reads a payload; `nil` when it is empty. Coefficients beyond ``maxOrder`` are left out, and those after one that
    /// is reserved.
    package init?(_ payload: RawSpan) {
        var reader = ByteReader(payload)
        guard let level = reader.readUInt8() else { return nil }
        self.level = level & 0x7F
        self.coefficients = []
        while self.coefficients.count < Self.maxOrder, let index = reader.readUInt8(), index < 255 {
            self.coefficients.append(258 * (Int16(index) - 127))
        }
    }

    /// Writes the payload.
    package func write(into writer: inout ByteWriter) {
        writer.write(self.level & 0x7F)
        for coefficient in self.coefficients {
            // The nearest of the steps of 258.
            let rounded = (Int(coefficient) + (coefficient < 0 ? -129 : 129)) / 258
            writer.write(UInt8(truncatingIfNeeded: max(0, min(254, rounded + 127))))
        }
    }
}

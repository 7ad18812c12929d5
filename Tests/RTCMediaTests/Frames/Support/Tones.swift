// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTCMedia

/// A sine of this frequency and amplitude, the same in all channels, in frames of `samples`.
func tone(
    _ frequency: Double, amplitude: Double = 0.5, sampleRate: Int, samples: Int, frames: Int,
    layout: AudioFrame.Layout = .mono, start: Int64 = 0
) throws -> [AudioFrame] {
    try (0..<frames).map { number in
        let values = (0..<samples).flatMap { index in
            let time = Double(number * samples + index) / Double(sampleRate)
            let value = Float(amplitude * sin(2 * .pi * frequency * time))
            return [Float](repeating: value, count: layout.channels)
        }
        var frame = try AudioFrame(values, layout: layout, sampleRate: sampleRate)
        frame.pts = start + Int64(number * samples)
        return frame
    }
}

/// The amplitude of a sine in `samples`, and how far all else is below it in dB.
func measure(_ samples: [Float], _ frequency: Double, sampleRate: Int) -> (amplitude: Double, signalToNoise: Double) {
    let steps = samples.indices.map { 2 * .pi * frequency * Double($0) / Double(sampleRate) }
    // Least squares for sine and cosine, which need not be at right angles over this length.
    var (ss, cc, sc, xs, xc) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (step, sample) in zip(steps, samples) {
        let (s, c, x) = (sin(step), cos(step), Double(sample))
        ss += s * s
        cc += c * c
        sc += s * c
        xs += x * s
        xc += x * c
    }
    let determinant = ss * cc - sc * sc
    let a = (xs * cc - xc * sc) / determinant
    let b = (xc * ss - xs * sc) / determinant
    let noise = zip(steps, samples).reduce(0) { sum, pair in
        let rest = Double(pair.1) - a * sin(pair.0) - b * cos(pair.0)
        return sum + rest * rest
    }
    let amplitude = (a * a + b * b).squareRoot()
    return (amplitude, 10 * log10(amplitude * amplitude / 2 * Double(samples.count) / max(noise, 1e-30)))
}

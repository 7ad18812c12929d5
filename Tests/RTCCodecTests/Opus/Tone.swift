// SPDX-License-Identifier: Apache-2.0
#if Opus
    import RTCMedia

    #if canImport(Glibc)
        import Glibc
    #else
        import Darwin
    #endif

    /// A sine wave at 48 kHz, packet by packet, and what can be measured of it.
    struct Tone {
        let frequency: Double
        let amplitude: Double
        private var position = 0

        init(frequency: Double, amplitude: Double = 8_000) {
            self.frequency = frequency
            self.amplitude = amplitude
        }

        mutating func next(samples: Int, layout: AudioFrame.Layout) -> AudioFrame {
            let wave = (0..<samples).map { index in
                Int16(self.amplitude * sin(2 * .pi * self.frequency * Double(self.position + index) / 48_000))
            }
            self.position += samples
            return .s16(wave.flatMap { [Int16](repeating: $0, count: layout.channels) }, layout: layout)
        }
    }

    extension AudioFrame {
        /// 48 kHz sound of these samples, the channels interleaved.
        static func s16(_ samples: [Int16], layout: Layout) -> AudioFrame {
            AudioFrame(
                format: .s16, layout: layout, samples: samples.count / layout.channels, sampleRate: 48_000,
                storage: samples.withUnsafeBytes { [UInt8]($0) })
        }

        /// The samples of the first channel.
        var left: [Double] {
            self.storage.withUnsafeBytes { bytes in
                stride(from: 0, to: self.samples * self.layout.channels, by: self.layout.channels).map {
                    Double(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self))
                }
            }
        }
    }

    enum Sound {
        static func rootMeanSquare(_ samples: [Double]) -> Double {
            (samples.reduce(0) { $0 + $1 * $1 } / Double(max(1, samples.count))).squareRoot()
        }

        /// The share of the power that lies at `frequency`, 0 to 1 (one bin of a Fourier transform).
        static func share(of frequency: Double, in samples: [Double]) -> Double {
            var (real, imaginary, power) = (0.0, 0.0, 0.0)
            for (index, sample) in samples.enumerated() {
                let angle = 2 * .pi * frequency * Double(index) / 48_000
                real += sample * cos(angle)
                imaginary += sample * sin(angle)
                power += sample * sample
            }
            return power == 0 ? 0 : 2 * (real * real + imaginary * imaginary) / Double(samples.count) / power
        }

        /// The power of the difference over the power of `wanted`, with the time shift at which they fit best.
        static func error(of samples: [Double], against wanted: [Double], shifts: ClosedRange<Int>) -> Double {
            shifts.map { shift in
                var (difference, power) = (0.0, 0.0)
                for (index, sample) in samples.enumerated() where wanted.indices.contains(index + shift) {
                    difference += (sample - wanted[index + shift]) * (sample - wanted[index + shift])
                    power += wanted[index + shift] * wanted[index + shift]
                }
                return power == 0 ? .infinity : difference / power
            }.min() ?? .infinity
        }
    }
#endif

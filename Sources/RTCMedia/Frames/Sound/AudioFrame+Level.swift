// SPDX-License-Identifier: Apache-2.0

// How loud a frame is, and making it louder.
extension AudioFrame {
    /// The root mean square of all samples, 1 being a square wave at full scale; 0 for no samples.
    public var rms: Double {
        let count = self.samples * self.layout.channels
        return count == 0 ? 0 : (self.energy / Double(count)).squareRoot()
    }

    /// The level in -dBov as RTP carries it, from 0 (loudest) to 127 (silence): 3 for a full sine (RFC 6464 §3).
    public var level: UInt8 {
        let count = self.samples * self.layout.channels
        guard count > 0, self.energy > 0 else { return 127 }
        // Half a decibel on top, then down by whole ones: that rounds.
        var power = self.energy / Double(count) * 1.122_018_454_301_963
        var level: UInt8 = 0
        while power < 1, level < 127 {
            power *= 1.258_925_411_794_167
            level += 1
        }
        return level
    }

    /// Multiplies every sample; what becomes too loud for integers is cut off.
    public mutating func applyGain(_ gain: Float) {
        guard gain != 1 else { return }
        if self.format.bytesPerSample == 2 {
            self.scale(Int16.self, gain)
        } else {
            self.scale(Float.self, gain)
        }
    }

    /// The same frame with every sample 0.
    public func silenced() -> AudioFrame {
        var frame = self
        frame.storage = [UInt8](repeating: 0, count: self.storage.count)
        return frame
    }

    private mutating func scale<Sample: AudioSample>(_ type: Sample.Type, _ gain: Float) {
        for plane in 0..<(self.format.isPlanar ? self.layout.channels : 1) {
            self.withMutableSamples(of: type, plane: plane) { samples in
                for index in samples.indices {
                    samples[index] = Sample(amplitude: samples[index].amplitude * gain)
                }
            }
        }
    }

    /// The sum of the squares of all samples.
    private var energy: Double {
        if self.format.bytesPerSample == 2 {
            let sum = self.withUnsafeSamples(of: Int16.self) { samples in
                samples.reduce(Int64(0)) { $0 &+ Int64(Int32($1) &* Int32($1)) }
            }
            return Double(sum) / (32_768 * 32_768)
        }
        return self.withUnsafeSamples(of: Float.self) { samples in
            // A NaN would spread to all that is computed from this.
            samples.reduce(0) { sum, sample in sample.isFinite ? sum + Double(sample) * Double(sample) : sum }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

// Sound in another sample format or with other channels. The sample rate is changed by `AudioResampler`, because that
// depends on the frames before.
extension AudioFrame {
    /// The same sound with samples stored in another way, and with other channels.
    ///
    /// `nil` keeps what is. Fewer channels are a mix that cannot exceed full scale; mono goes to both of two channels
    /// and to the centre of six.
    public func converted(to format: SampleFormat? = nil, layout: Layout? = nil) -> AudioFrame {
        let format = format ?? self.format
        let layout = layout ?? self.layout
        guard format != self.format || layout != self.layout else { return self }
        var result =
            switch (self.format.bytesPerSample, format.bytesPerSample) {
            case (2, 2): self.mixed(Int16.self, Int16.self, format, layout)
            case (2, _): self.mixed(Int16.self, Float.self, format, layout)
            case (_, 2): self.mixed(Float.self, Int16.self, format, layout)
            case (_, _): self.mixed(Float.self, Float.self, format, layout)
            }
        result.pts = self.pts
        result.timeBase = self.timeBase
        return result
    }

    /// All samples as numbers of the type, the channels interleaved.
    public func samples<Sample: AudioSample>(as type: Sample.Type = Int16.self) -> [Sample] {
        let frame = self.converted(to: Sample.packedFormat)
        return frame.withUnsafeSamples(of: type) { Array($0) }
    }

    /// The samples of one channel as numbers of the type.
    ///
    /// Throws ``FrameError/index(_:count:)`` for a channel that the layout does not have.
    public func samples<Sample: AudioSample>(
        ofChannel channel: Int, as type: Sample.Type = Int16.self
    ) throws(FrameError) -> [Sample] {
        let channels = self.layout.channels
        guard (0..<channels).contains(channel) else { throw .index(channel, count: channels) }
        let frame = self.converted(to: Sample.planarFormat)
        return frame.withUnsafeSamples(of: type) { Array($0[channel * self.samples..<(channel + 1) * self.samples]) }
    }

    private func mixed<Source: AudioSample, Target: AudioSample>(
        _: Source.Type, _: Target.Type, _ format: SampleFormat, _ layout: Layout
    ) -> AudioFrame {
        let matrix = self.layout == layout ? nil : MixingMatrix(from: self.layout, to: layout)
        let from = SamplePlaces(self.format, self.layout, samples: self.samples)
        let to = SamplePlaces(format, layout, samples: self.samples)
        let size = self.samples * layout.channels * format.bytesPerSample
        let storage = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size])
            bytes.withMemoryRebound(to: Target.self) { target in
                self.withUnsafeSamples(of: Source.self) { source in
                    for channel in 0..<layout.channels {
                        if let matrix {
                            mix(source, from, matrix.rows[channel], target, to, channel, count: self.samples)
                        } else {
                            copy(source, from, target, to, channel, count: self.samples)
                        }
                    }
                }
            }
            count = size
        }
        return AudioFrame(
            format: format, layout: layout, samples: self.samples, sampleRate: self.sampleRate, storage: storage)
    }
}

/// Where the samples of a channel lie.
private struct SamplePlaces {
    let channelStep: Int
    let sampleStep: Int

    init(_ format: AudioFrame.SampleFormat, _ layout: AudioFrame.Layout, samples: Int) {
        self.channelStep = format.isPlanar ? samples : 1
        self.sampleStep = format.isPlanar ? 1 : layout.channels
    }
}

private func copy<Source: AudioSample, Target: AudioSample>(
    _ source: UnsafeBufferPointer<Source>, _ from: SamplePlaces, _ target: UnsafeMutableBufferPointer<Target>,
    _ to: SamplePlaces, _ channel: Int, count: Int
) {
    var read = channel * from.channelStep
    var write = channel * to.channelStep
    for _ in 0..<count {
        // Exact when both are of one type.
        target[write] = Target(amplitude: source[read].amplitude)
        read += from.sampleStep
        write += to.sampleStep
    }
}

private func mix<Source: AudioSample, Target: AudioSample>(
    _ source: UnsafeBufferPointer<Source>, _ from: SamplePlaces, _ factors: [Float],
    _ target: UnsafeMutableBufferPointer<Target>, _ to: SamplePlaces, _ channel: Int, count: Int
) {
    for index in 0..<count {
        var sum: Float = 0
        for (input, factor) in factors.enumerated() where factor != 0 {
            sum += factor * source[input * from.channelStep + index * from.sampleStep].amplitude
        }
        target[channel * to.channelStep + index * to.sampleStep] = Target(amplitude: sum)
    }
}

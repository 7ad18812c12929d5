// SPDX-License-Identifier: Apache-2.0

/// Changes the sample rate, the channels and the format of a stream of frames.
///
/// Frames that follow each other give frames that follow each other, without a click between them: 20 ms give 20 ms,
/// from the first frame on, where the rates have whole numbers of samples in that time, else now and then a sample
/// more or less. Sound comes out ``delay`` later than it went in; `pts` is that of the source.
public struct AudioResampler: Sendable {
    /// Samples a second of what comes out.
    public let sampleRate: Int
    /// The channels of what comes out; `nil` for those of the source.
    public let layout: AudioFrame.Layout?
    /// The format of what comes out; `nil` for that of the source.
    public let format: AudioFrame.SampleFormat?

    private var stream: Stream?

    /// The sample rates that are possible on either side.
    public static let sampleRates = 4_000...384_000

    /// A resampler to `sampleRate`, one of ``sampleRates``; another is a programming error.
    public init(sampleRate: Int, layout: AudioFrame.Layout? = nil, format: AudioFrame.SampleFormat? = nil) {
        precondition(Self.sampleRates.contains(sampleRate), "\(sampleRate) is no sample rate")
        self.sampleRate = sampleRate
        self.layout = layout
        self.format = format
    }

    /// How much later sound comes out than it went in: about 3 ms at 8 kHz, nothing while the rate stays.
    public var delay: Duration {
        guard let stream, let filter = stream.filter else { return .zero }
        return .seconds(1) * (filter.taps / 2) / stream.sourceRate
    }

    /// What the next frame of the stream becomes.
    ///
    /// Another rate or layout than before begins a new stream. A rate that is none of ``sampleRates`` gives
    /// empty frames.
    public mutating func resample(_ frame: AudioFrame) -> AudioFrame {
        let layout = self.layout ?? frame.layout
        // The filter runs over as few channels as there are on either side.
        let working = frame.layout.channels < layout.channels ? frame.layout : layout
        if self.stream?.sourceRate != frame.sampleRate || self.stream?.channels.count != working.channels {
            self.stream = Stream(from: frame.sampleRate, to: self.sampleRate, channels: working.channels)
        }
        self.stream?.format = frame.format
        let pts = self.stream?.nextPTS(for: frame)
        var result = frame
        if frame.sampleRate != self.sampleRate {
            let input = frame.converted(to: .f32p, layout: working)
            let samples = input.withUnsafeSamples(of: Float.self) { self.stream?.filter($0) } ?? []
            let storage = samples.withUnsafeBytes { [UInt8]($0) }
            result = AudioFrame(
                format: .f32p, layout: working, samples: samples.count / working.channels, sampleRate: self.sampleRate,
                storage: storage)
        } else {
            self.stream?.skip(frame.samples)
        }
        result = result.converted(to: self.format ?? frame.format, layout: layout)
        result.pts = pts ?? nil
        result.timeBase = Rational(1, self.sampleRate)
        return result
    }

    /// What is still inside, as sound of ``delay``; the next frame begins a new stream.
    public mutating func flush() -> AudioFrame? {
        guard let stream, let filter = stream.filter, let layout = stream.layout else { return nil }
        let rest = AudioFrame(
            format: stream.format, layout: layout, samples: filter.taps / 2, sampleRate: stream.sourceRate)
        var result = self.resample(rest)
        if let target = self.layout { result = result.converted(layout: target) }
        self.stream = nil
        return result
    }
}

extension AudioResampler {
    /// What is known of a stream with one rate and one number of channels.
    private struct Stream: Sendable {
        let sourceRate: Int
        let targetRate: Int
        /// Of the latest frame.
        var format = AudioFrame.SampleFormat.s16
        /// `nil` while nothing is filtered.
        let filter: SincFilter?
        /// Input samples of each channel that the next output sample may need.
        var channels: [[Float]]
        /// The numerator and denominator of the way from one output sample to the next, in input samples.
        let step: Int
        let steps: Int
        /// Where the next output sample begins in `channels`, and how many of `steps` later it is.
        var place = 0
        var phase = 0
        /// What the first output sample counts as, and the samples since then on either side.
        var origin: Int64?
        var consumed: Int64 = 0
        var produced: Int64 = 0

        init(from source: Int, to target: Int, channels: Int) {
            let divisor = greatestCommonDivisor(source, target)
            self.sourceRate = source
            self.targetRate = target
            self.step = source / divisor
            self.steps = target / divisor
            let isPossible = source != target && AudioResampler.sampleRates.contains(source)
            let filter = isPossible ? SincFilter(from: source, to: target, steps: target / divisor) : nil
            self.filter = filter
            self.channels = Array(repeating: Array(repeating: 0, count: (filter?.taps ?? 1) - 1), count: channels)
        }

        var layout: AudioFrame.Layout? { AudioFrame.Layout.allCases.first { $0.channels == self.channels.count } }

        /// The time of the next output sample; what the frames say themselves counts again when they jump by 10 ms.
        mutating func nextPTS(for frame: AudioFrame) -> Int64? {
            guard let pts = frame.pts else {
                return self.origin.map { $0 &+ self.produced }
            }
            let said = frame.timeBase.rescale(pts, to: Rational(1, self.targetRate))
            let base = Rational(1, self.sourceRate).rescale(self.consumed, to: Rational(1, self.targetRate))
            let origin = said &- base
            if let old = self.origin, (origin &- old).magnitude < UInt64(max(2, self.targetRate / 100)) {
                return old &+ self.produced
            }
            self.origin = origin
            return origin &+ self.produced
        }

        mutating func skip(_ samples: Int) {
            self.consumed &+= Int64(samples)
            self.produced &+= Int64(samples)
        }

        /// Takes planes of input, gives planes of output.
        mutating func filter(_ input: UnsafeBufferPointer<Float>) -> [Float] {
            let count = input.count / self.channels.count
            self.consumed &+= Int64(count)
            guard let filter = self.filter else { return [] }
            let available = self.channels[0].count + count - filter.taps + 1 - self.place
            // The last output sample begins before `available`.
            let outputs = available <= 0 ? 0 : (available * self.steps - self.phase + self.step - 1) / self.step
            self.produced &+= Int64(outputs)
            var output: [Float] = []
            output.reserveCapacity(outputs * self.channels.count)
            var end = (place: self.place, phase: self.phase)
            for channel in self.channels.indices {
                self.channels[channel] += input[channel * count..<(channel + 1) * count]
                end = self.render(channel, filter, outputs, &output)
            }
            let used = min(end.place, self.channels[0].count)
            for channel in self.channels.indices { self.channels[channel].removeFirst(used) }
            self.place = end.place - used
            self.phase = end.phase
            return output
        }

        private func render(
            _ channel: Int, _ filter: SincFilter, _ outputs: Int, _ output: inout [Float]
        ) -> (place: Int, phase: Int) {
            var (place, phase) = (self.place, self.phase)
            let isExact = filter.phases == self.steps
            self.channels[channel].withUnsafeBufferPointer { input in
                filter.factors.withUnsafeBufferPointer { factors in
                    for _ in 0..<outputs {
                        if isExact {
                            output.append(product(input, place, factors, phase * filter.taps, filter.taps))
                        } else {
                            let exact = Double(phase) * Double(filter.phases) / Double(self.steps)
                            let lower = min(Int(exact), filter.phases - 1)
                            let share = Float(exact - Double(lower))
                            let first = product(input, place, factors, lower * filter.taps, filter.taps)
                            let second = product(input, place, factors, (lower + 1) * filter.taps, filter.taps)
                            output.append(first + (second - first) * share)
                        }
                        phase += self.step
                        place += phase / self.steps
                        phase %= self.steps
                    }
                }
            }
            return (place, phase)
        }
    }
}

/// The sum of the products of `count` numbers, a multiple of 8; independent sums let the compiler use vectors.
private func product(
    _ one: UnsafeBufferPointer<Float>, _ oneStart: Int, _ other: UnsafeBufferPointer<Float>, _ otherStart: Int,
    _ count: Int
) -> Float {
    var (a, b, c, d): (Float, Float, Float, Float) = (0, 0, 0, 0)
    var index = 0
    while index < count {
        a += one[oneStart &+ index] * other[otherStart &+ index]
        b += one[oneStart &+ index &+ 1] * other[otherStart &+ index &+ 1]
        c += one[oneStart &+ index &+ 2] * other[otherStart &+ index &+ 2]
        d += one[oneStart &+ index &+ 3] * other[otherStart &+ index &+ 3]
        index &+= 4
    }
    return (a + b) + (c + d)
}

private func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
    var (a, b) = (one, other)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}

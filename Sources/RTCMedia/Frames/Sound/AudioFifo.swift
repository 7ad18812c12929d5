// SPDX-License-Identifier: Apache-2.0

/// Cuts a stream of frames of any length into frames of equal length, as encoders take them.
///
/// `pts` goes on from sample to sample. Where the source leaves a gap, changes its format, or ends, the last frame is
/// filled up with silence, and the next begins with what follows.
public struct AudioFifo: Sendable {
    /// The samples of each channel of every frame that comes out.
    public let samplesPerFrame: Int
    /// How many frames wait at most; the oldest are dropped.
    public let capacity: Int
    /// How many frames were dropped because nobody took them.
    public private(set) var droppedFrames = 0

    private var ready: [AudioFrame] = []
    /// Less than a frame: its beginning.
    private var rest: AudioFrame?

    /// Cuts into frames of `samplesPerFrame` samples, at least 1.
    public init(samplesPerFrame: Int, capacity: Int = 256) {
        precondition(samplesPerFrame >= 1 && capacity >= 1, "frames have samples, and one must fit")
        self.samplesPerFrame = samplesPerFrame
        self.capacity = capacity
    }

    /// How many whole frames wait to be taken.
    public var count: Int { self.ready.count }

    /// Takes in what follows; planes become interleaved channels.
    public mutating func append(_ frame: AudioFrame) {
        guard frame.samples > 0 else { return }
        var frame = frame.converted(to: frame.format.bytesPerSample == 2 ? .s16 : .f32)
        if let rest = self.rest {
            if rest.isFollowed(by: frame, tolerance: max(1, self.samplesPerFrame / 2)) {
                frame = rest.joined(with: frame)
            } else {
                self.finish()
            }
        }
        var start = 0
        while frame.samples - start >= self.samplesPerFrame {
            self.add(frame.part(start..<start + self.samplesPerFrame))
            start += self.samplesPerFrame
        }
        self.rest = start < frame.samples ? frame.part(start..<frame.samples) : nil
    }

    /// The oldest whole frame; `nil` until there is one.
    public mutating func next() -> AudioFrame? { self.ready.isEmpty ? nil : self.ready.removeFirst() }

    /// Fills up what is left with silence, so that it can be taken.
    public mutating func finish() {
        guard let rest = self.rest else { return }
        self.rest = nil
        let silence = AudioFrame(
            format: rest.format, layout: rest.layout, samples: self.samplesPerFrame - rest.samples,
            sampleRate: rest.sampleRate)
        self.add(rest.joined(with: silence))
    }

    private mutating func add(_ frame: AudioFrame) {
        if self.ready.count == self.capacity {
            self.ready.removeFirst()
            self.droppedFrames += 1
        }
        self.ready.append(frame)
    }
}

extension AudioFrame {
    /// The samples of this range, in the interleaved formats and for mono; `pts` is that of the first.
    func part(_ range: Range<Int>) -> AudioFrame {
        let size = self.layout.channels * self.format.bytesPerSample
        var part = AudioFrame(
            format: self.format, layout: self.layout, samples: range.count, sampleRate: self.sampleRate,
            storage: Array(self.storage[range.lowerBound * size..<range.upperBound * size]))
        let base = Rational(1, self.sampleRate)
        part.pts = self.pts.map { self.timeBase.rescale($0, to: base) &+ Int64(range.lowerBound) }
        part.timeBase = base
        return part
    }

    /// Both frames as one, at the time of this one.
    fileprivate func joined(with other: AudioFrame) -> AudioFrame {
        var both = AudioFrame(
            format: self.format, layout: self.layout, samples: self.samples + other.samples,
            sampleRate: self.sampleRate, storage: self.storage + other.storage)
        both.pts = self.pts
        both.timeBase = self.timeBase
        return both
    }

    /// Whether the other frame is of the same kind and begins about where this one ends.
    fileprivate func isFollowed(by other: AudioFrame, tolerance: Int) -> Bool {
        guard self.format == other.format, self.layout == other.layout, self.sampleRate == other.sampleRate else {
            return false
        }
        guard let pts = self.pts, let otherPTS = other.pts else { return true }
        let base = Rational(1, self.sampleRate)
        let end = self.timeBase.rescale(pts, to: base) &+ Int64(self.samples)
        return (other.timeBase.rescale(otherPTS, to: base) &- end).magnitude <= UInt64(tolerance)
    }
}

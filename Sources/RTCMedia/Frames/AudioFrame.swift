// SPDX-License-Identifier: Apache-2.0

/// Some milliseconds of sound, with the time at which they are heard.
///
/// A value: a copy shares its samples until one of the two is changed.
public struct AudioFrame: Sendable {
    /// How samples are stored; the names are FFmpeg's.
    public enum SampleFormat: String, Hashable, Sendable, CaseIterable {
        /// 16-bit signed integers, the channels interleaved.
        case s16
        /// 16-bit signed integers, one plane for each channel.
        case s16p
        /// 32-bit floating-point numbers from -1 to 1, the channels interleaved.
        case f32
        /// 32-bit floating-point numbers from -1 to 1, one plane for each channel.
        case f32p

        /// In bytes.
        public var bytesPerSample: Int { self == .s16 || self == .s16p ? 2 : 4 }
        /// Whether each channel has a plane of its own.
        public var isPlanar: Bool { self == .s16p || self == .f32p }
    }

    /// The channels, in the order of their samples.
    public enum Layout: String, Hashable, Sendable, CaseIterable {
        case mono
        case stereo
        /// Front left, front right, centre, low frequencies, side left, side right.
        case surround51 = "5.1"

        /// How many channels there are.
        public var channels: Int {
            switch self {
            case .mono: 1
            case .stereo: 2
            case .surround51: 6
            }
        }
    }

    /// How samples are stored.
    public let format: SampleFormat
    /// Which channels there are.
    public let layout: Layout
    /// Samples of each channel.
    public let samples: Int
    /// Samples a second of each channel, at least 1.
    public let sampleRate: Int
    /// When the first sample is heard, in ticks of ``timeBase``; `nil` when nobody has said so.
    public var pts: Int64?
    /// How long a tick of ``pts`` lasts, in seconds; one sample unless somebody says otherwise.
    public var timeBase: Rational

    /// The samples in the machine's byte order, one plane after the other.
    package var storage: [UInt8]

    /// Silence.
    ///
    /// A negative number of samples or a sample rate below 1 is a programming error.
    public init(format: SampleFormat = .s16, layout: Layout = .mono, samples: Int, sampleRate: Int) {
        self.init(
            format: format, layout: layout, samples: samples, sampleRate: sampleRate,
            storage: [UInt8](repeating: 0, count: max(0, samples) * layout.channels * format.bytesPerSample))
    }

    /// A frame of these bytes, which must be exactly as many as the format says.
    package init(format: SampleFormat, layout: Layout, samples: Int, sampleRate: Int, storage: [UInt8]) {
        precondition(
            samples >= 0 && sampleRate >= 1, "an audio frame has samples and a rate, not \(samples) at \(sampleRate) Hz"
        )
        precondition(storage.count == samples * layout.channels * format.bytesPerSample, "the bytes fill the frame")
        self.format = format
        self.layout = layout
        self.samples = samples
        self.sampleRate = sampleRate
        self.timeBase = Rational(1, sampleRate)
        self.storage = storage
    }

    /// How long the frame lasts.
    public var duration: Duration { .nanoseconds(Int64(self.samples) * 1_000_000_000 / Int64(self.sampleRate)) }

    /// When the first sample is heard, in seconds; `nil` without ``pts``.
    public var time: Double? { self.pts.map { Double($0) * self.timeBase.value } }
}

// SPDX-License-Identifier: Apache-2.0

/// A number that a sample of sound is stored as: `Int16` or `Float`.
public protocol AudioSample: BitwiseCopyable, Sendable {
    /// The format of interleaved samples of this type.
    static var packedFormat: AudioFrame.SampleFormat { get }
    /// The format of samples of this type with a plane for each channel.
    static var planarFormat: AudioFrame.SampleFormat { get }
    /// No sound.
    static var silence: Self { get }
    /// The sample of this amplitude, 1 and -1 being full scale; what is louder is cut off in integers.
    init(amplitude: Float)
    /// The sample with 1 and -1 as full scale.
    var amplitude: Float { get }
}

extension Int16: AudioSample {
    /// The format of interleaved samples.
    public static var packedFormat: AudioFrame.SampleFormat { .s16 }
    /// The format of a plane for each channel.
    public static var planarFormat: AudioFrame.SampleFormat { .s16p }
    /// No sound.
    public static var silence: Int16 { 0 }

    /// The sample of this amplitude, 1 and -1 being full scale.
    @inlinable
    public init(amplitude: Float) {
        let scaled = Swift.max(Swift.min(amplitude * 32_768, 32_767), -32_768)
        // 1.5 times 2 to the 23rd leaves no binary places: the rounded number stands in the lowest bits, without a call
        // for each sample. A NaN, which fails both comparisons, has zeros there.
        self = Int16(truncatingIfNeeded: (scaled + 12_582_912).bitPattern)
    }

    /// The sample with 1 and -1 as full scale.
    @inlinable
    public var amplitude: Float { Float(self) / 32_768 }
}

extension Float: AudioSample {
    /// The format of interleaved samples.
    public static var packedFormat: AudioFrame.SampleFormat { .f32 }
    /// The format of a plane for each channel.
    public static var planarFormat: AudioFrame.SampleFormat { .f32p }
    /// No sound.
    public static var silence: Float { 0 }

    /// The sample of this amplitude, 1 and -1 being full scale.
    @inlinable
    public init(amplitude: Float) { self = amplitude }

    /// The sample with 1 and -1 as full scale.
    @inlinable
    public var amplitude: Float { self }
}

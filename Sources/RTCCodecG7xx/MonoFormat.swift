// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// What the codecs of this module have in common: 16-bit samples of one channel.
enum MonoFormat {
    /// Throws unless `format` is one of `formats`, whatever its format parameters.
    static func check(_ format: RTCRtpCodec, isOneOf formats: [RTCRtpCodec]) throws(CodecError) {
        let isKnown = formats.contains {
            format.isNamed($0.name) && format.clockRate == $0.clockRate && (format.channels ?? 1) == 1
        }
        guard isKnown else {
            let names = formats.map { "\($0.name)/\($0.clockRate)" }.joined(separator: ", ")
            throw CodecError(
                "\(format.name)/\(format.clockRate)/\(format.channels ?? 1) is none of \(names) with one channel")
        }
    }

    /// How many samples a packet of this time holds: 10 to 120 ms, in steps of 10 ms.
    static func samples(in packetTime: Duration, sampleRate: Int) -> Int {
        let tens = min(max(packetTime / .milliseconds(10), 1), 12)
        return Int(tens) * sampleRate / 100
    }

    /// The samples of a frame; throws when it is not what an encoder asked for.
    static func samples(of frame: AudioFrame, count: Int, sampleRate: Int) throws(CodecError) -> [Int16] {
        guard frame.format == .s16, frame.layout == .mono, frame.sampleRate == sampleRate, frame.samples == count
        else {
            throw CodecError(
                "the encoder takes \(count) samples of s16 mono at \(sampleRate) Hz, not \(frame.samples) of "
                    + "\(frame.format) \(frame.layout) at \(frame.sampleRate) Hz; convert the frame first")
        }
        return [Int16](unsafeUninitializedCapacity: count) { samples, written in
            UnsafeMutableRawBufferPointer(samples).copyBytes(from: frame.storage)
            written = count
        }
    }

    /// A frame of `samples`.
    static func frame(_ samples: [Int16], sampleRate: Int) -> AudioFrame {
        AudioFrame(
            format: .s16, layout: .mono, samples: samples.count, sampleRate: sampleRate,
            storage: samples.withUnsafeBytes { [UInt8]($0) })
    }
}

extension FixedWidthInteger {
    /// This number, or the nearest that 16 bits hold.
    var saturated: Self { Swift.min(Swift.max(self, -32_768), 32_767) }
}

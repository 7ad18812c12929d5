// SPDX-License-Identifier: Apache-2.0
#if Opus
    internal import RTCMedia

    /// The rate that Opus has in RTP, whatever the sound's own (RFC 7587 §4.1).
    enum OpusRate {
        static let hertz = 48_000
        static let samplesPerMillisecond = 48
    }

    /// What a peer asks of those who send Opus to it (RFC 7587 §6.1).
    struct OpusParameters: Equatable {
        /// Whether the peer prefers two channels.
        var isStereo: Bool
        /// Whether the peer takes advantage of in-band error correction.
        var usesErrorCorrection: Bool
        /// Whether silence need not be sent.
        var usesDiscontinuousTransmission: Bool
        /// Whether each packet shall be equally large.
        var isConstantBitrate: Bool
        /// The highest sampling rate that the peer can play, in Hz.
        var maxPlaybackRate: Int
        /// In bits a second.
        var maxBitrate: Int
        /// How much sound the peer wants in a packet, in milliseconds; `nil` when it does not say.
        var packetTime: Int?
        /// The bounds of ``packetTime``, in milliseconds.
        var packetTimes: ClosedRange<Int>

        /// The bitrates of Opus (RFC 7587 §6.1, `maxaveragebitrate`).
        static let bitrates = 6_000...510_000

        /// What `format` says; what it does not say is as RFC 7587 has it.
        init(_ format: RTCRtpCodec) {
            self.isStereo = format.isOn("stereo")
            self.usesErrorCorrection = format.isOn("useinbandfec")
            self.usesDiscontinuousTransmission = format.isOn("usedtx")
            self.isConstantBitrate = format.isOn("cbr")
            self.maxPlaybackRate = format.number("maxplaybackrate") ?? OpusRate.hertz
            self.maxBitrate = Self.clamp(format.number("maxaveragebitrate") ?? Self.bitrates.upperBound)
            self.packetTime = format.number("ptime")
            let longest = max(10, format.number("maxptime") ?? 120)
            self.packetTimes = min(format.number("minptime") ?? 3, longest)...longest
        }

        /// The samples of each channel in a packet: 10, 20, 40 or 60 ms, as the peer asks or else as near to `wanted` as
        /// its bounds allow.
        func samplesPerPacket(wanted: Duration) -> Int {
            let milliseconds = self.packetTime ?? Int(clamping: wanted / .milliseconds(1) as Double)
            let bounded = min(max(milliseconds, self.packetTimes.lowerBound), self.packetTimes.upperBound)
            let supported = [60, 40, 20].first { $0 <= bounded } ?? 10
            return supported * OpusRate.samplesPerMillisecond
        }

        /// The bitrate to encode with: `wanted`, or what speech or music needs (RFC 7587 §3.1.1), within the peer's bound.
        func bitrate(wanted: Int?, application: OpusCodec.Application) -> Int {
            let suitable =
                switch self.maxPlaybackRate {
                case ...8_000: 12_000
                case ...16_000: 20_000
                default: application == .voip ? 32_000 : 64_000
                }
            return min(Self.clamp(wanted ?? suitable * (self.isStereo ? 2 : 1)), self.maxBitrate)
        }

        private static func clamp(_ bitrate: Int) -> Int {
            min(max(bitrate, Self.bitrates.lowerBound), Self.bitrates.upperBound)
        }
    }

    extension Int {
        /// The nearest whole number; what is no number is 0.
        fileprivate init(clamping value: Double) {
            self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value.rounded(), 0), 1e9))
        }
    }
#endif

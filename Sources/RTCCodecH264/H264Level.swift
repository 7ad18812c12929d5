// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    /// A level of H.264: how much a decoder must be able to do (ITU-T H.264 Table A-1).
    struct H264Level: Equatable {
        /// `level_idc`, ten times the level's name.
        let number: Int
        /// Macroblocks a second.
        let maxRate: Int
        /// Macroblocks a frame.
        let maxSize: Int
        /// In bits a second, of the bytes as they are sent.
        let maxBitrate: Int

        /// From 3.1, which WebRTC's decoders all have, so that a bitrate that rises later needs no other.
        static let all = [
            H264Level(number: 31, maxRate: 108_000, maxSize: 3_600, maxBitrate: 14_000_000),
            H264Level(number: 32, maxRate: 216_000, maxSize: 5_120, maxBitrate: 20_000_000),
            H264Level(number: 40, maxRate: 245_760, maxSize: 8_192, maxBitrate: 20_000_000),
            H264Level(number: 41, maxRate: 245_760, maxSize: 8_192, maxBitrate: 50_000_000),
            H264Level(number: 42, maxRate: 522_240, maxSize: 8_704, maxBitrate: 50_000_000),
            H264Level(number: 50, maxRate: 589_824, maxSize: 22_080, maxBitrate: 135_000_000),
            H264Level(number: 51, maxRate: 983_040, maxSize: 36_864, maxBitrate: 240_000_000),
            highest,
        ]
        private static let highest = H264Level(
            number: 52, maxRate: 2_073_600, maxSize: 36_864, maxBitrate: 240_000_000)

        /// The lowest level for such pictures, or the highest that there is.
        static func suitable(width: Int, height: Int, framerate: Double, bitrate: Int) -> H264Level {
            let (columns, rows) = ((width + 15) / 16, (height + 15) / 16)
            let size = columns * rows
            return Self.all.first {
                // Neither side may be longer than the root of eight times the size (§A.3.1).
                size <= $0.maxSize && max(columns, rows) * max(columns, rows) <= 8 * $0.maxSize
                    && Double(size) * framerate <= Double($0.maxRate) && bitrate <= $0.maxBitrate
            } ?? Self.highest
        }
    }
#endif

// SPDX-License-Identifier: Apache-2.0
#if VPX
    internal import CVPX

    /// Which pictures a frame refers to and which it replaces, so that those of a higher temporal layer can be left out.
    ///
    ///     1 layer    0 ← 0 ← 0 ← 0      libvpx chooses references itself
    ///     2 layers   0 ←───── 0         layer 0 refers to and replaces `last`;
    ///                 ↖ 1       ↖ 1     layer 1 refers to `last` and replaces nothing
    ///     3 layers   0 ←───────────── 0
    ///                 ↖ 2  ↖ 1 ↖ 2      layer 1 also replaces `golden`, to which the second of layer 2 refers
    struct TemporalLayers: Equatable {
        /// How many there are, 1 to 3.
        let count: Int
        private var position = 0

        /// As many layers as wanted, within bounds.
        init(count: Int) { self.count = min(max(count, 1), 3) }

        /// The layers of the frames, again and again.
        var pattern: [Int] {
            switch self.count {
            case 1: [0]
            case 2: [0, 1]
            default: [0, 2, 1, 2]
            }
        }

        /// The layer of the next frame.
        var layer: Int { self.pattern[self.position] }

        /// libvpx' flags of the next frame.
        var flags: Int {
            let base = VP8_EFLAG_NO_REF_ARF | VP8_EFLAG_NO_UPD_ARF
            let last = base | VP8_EFLAG_NO_REF_GF
            let nothing = VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_GF | VP8_EFLAG_NO_UPD_ENTROPY
            let flags: Int32 =
                switch (self.count, self.position) {
                case (1, _): 0
                case (_, 0): last | VP8_EFLAG_NO_UPD_GF
                case (2, _), (_, 1): last | nothing
                case (_, 2): last | VP8_EFLAG_NO_UPD_LAST
                default: base | nothing
                }
            return Int(flags)
        }

        /// Goes on to the frame after.
        mutating func advance() { self.position = (self.position + 1) % self.pattern.count }

        /// Begins anew, as a key frame does: it is in layer 0 and replaces all.
        mutating func restart() { self.position = 0 }

        /// What share of the bitrate this layer and those below have, in percent.
        var shares: [Int] {
            switch self.count {
            case 1: [100]
            case 2: [60, 100]
            default: [40, 60, 100]
            }
        }

        /// What share of the frames this layer and those below have, as the divisor.
        var decimators: [Int] {
            switch self.count {
            case 1: [1]
            case 2: [2, 1]
            default: [4, 2, 1]
            }
        }
    }
#endif

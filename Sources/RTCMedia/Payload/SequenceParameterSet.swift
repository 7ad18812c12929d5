// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What an H.264 sequence parameter set says about the size of pictures (ITU-T H.264 §7.3.2.1.1).
package struct SequenceParameterSet: Hashable, Sendable {
    /// The pixels that a decoder allocates, in whole macroblocks and without cropping.
    package let codedSize: PictureSize
    /// The pixels that are shown.
    package let size: PictureSize
    /// The bits of `frame_num` in the headers of slices.
    package let frameNumberBits: Int
    /// The bits of `pic_order_cnt_lsb` in the headers of slices; `nil` when they have none.
    package let pictureOrderBits: Int?

    /// The profiles whose sets have a chroma format and scaling lists.
    private static let highProfiles: Set<UInt32> = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]

    /// Reads a unit with its header byte; `nil` when it ends too early or claims what no level allows.
    package init?(_ unit: RawSpan) {
        guard let body = unit.slice(min(1, unit.byteCount)..<unit.byteCount) else { return nil }
        var bits = BitReader(body)
        guard let profile = bits.readBits(8), bits.readBits(16) != nil, bits.readUnsigned() != nil else { return nil }
        var chroma: UInt32 = 1
        var areColoursSeparate = false
        if Self.highProfiles.contains(profile) {
            guard let format = bits.readUnsigned(), format <= 3 else { return nil }
            chroma = format
            if format == 3 {
                guard let separate = bits.readBit() else { return nil }
                areColoursSeparate = separate == 1
            }
            guard bits.readUnsigned() != nil, bits.readUnsigned() != nil, bits.readBit() != nil,
                let hasMatrix = bits.readBit()
            else { return nil }
            if hasMatrix == 1 {
                guard Self.skipScalingLists(format == 3 ? 12 : 8, &bits) else { return nil }
            }
        }
        guard let numberBits = bits.readUnsigned(), numberBits <= 12, let order = Self.pictureOrder(&bits) else {
            return nil
        }
        self.frameNumberBits = Int(numberBits) + 4
        self.pictureOrderBits = order.bits
        guard bits.readUnsigned() != nil, bits.readBit() != nil, let columns = bits.readUnsigned(),
            let units = bits.readUnsigned(),
            let isProgressive = bits.readBit(), columns < 4_096, units < 4_096
        else { return nil }
        let fields = isProgressive == 1 ? 1 : 2
        guard isProgressive == 1 || bits.readBit() != nil, bits.readBit() != nil, let isCropped = bits.readBit()
        else { return nil }
        let coded = PictureSize(width: (Int(columns) + 1) * 16, height: (Int(units) + 1) * 16 * fields)
        self.codedSize = coded
        guard isCropped == 1 else {
            self.size = coded
            return
        }
        guard let left = bits.readUnsigned(), let right = bits.readUnsigned(), let top = bits.readUnsigned(),
            let bottom = bits.readUnsigned()
        else { return nil }
        let isSubsampled = !areColoursSeparate && (chroma == 1 || chroma == 2)
        let across = (Int(left) + Int(right)) * (isSubsampled ? 2 : 1)
        let down = (Int(top) + Int(bottom)) * (isSubsampled && chroma == 1 ? 2 : 1) * fields
        guard across < coded.width, down < coded.height else { return nil }
        self.size = PictureSize(width: coded.width - across, height: coded.height - down)
    }

    private static func skipScalingLists(_ count: Int, _ bits: inout BitReader) -> Bool {
        for list in 0..<count {
            guard let isPresent = bits.readBit() else { return false }
            guard isPresent == 1 else { continue }
            var last: Int64 = 8
            var next: Int64 = 8
            for _ in 0..<(list < 6 ? 16 : 64) {
                if next != 0 {
                    guard let delta = bits.readSigned(), (-128...127).contains(delta) else { return false }
                    next = (last + delta + 256) % 256
                }
                last = next == 0 ? last : next
            }
        }
        return true
    }

    private struct PictureOrder {
        let bits: Int?
    }

    /// How slices say their order; `nil` when that is cut or cannot be.
    private static func pictureOrder(_ bits: inout BitReader) -> PictureOrder? {
        switch bits.readUnsigned() {
        case 0: return bits.readUnsigned().flatMap { $0 <= 12 ? PictureOrder(bits: Int($0) + 4) : nil }
        case 1:
            guard bits.readBit() != nil, bits.readSigned() != nil, bits.readSigned() != nil,
                let count = bits.readUnsigned(), count <= 255
            else { return nil }
            for _ in 0..<count where bits.readSigned() == nil { return nil }
            return PictureOrder(bits: nil)
        case 2: return PictureOrder(bits: nil)
        default: return nil
        }
    }
}

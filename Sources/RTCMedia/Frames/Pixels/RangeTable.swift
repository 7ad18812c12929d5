// SPDX-License-Identifier: Apache-2.0

/// What each byte becomes when a plane changes between limited and full range.
struct RangeTable {
    private let table: [UInt8]
    private let isIdentity: Bool

    /// The identity when the ranges are the same.
    init(from source: ColorSpace.Range, to target: ColorSpace.Range, isChroma: Bool) {
        self.isIdentity = source == target
        let steps = isChroma ? 224.0 : 219.0
        let origin = isChroma ? 128.0 : 0
        // Where the origin of the limited range lies; chroma counts from the middle in both.
        let limited = isChroma ? 128.0 : 16
        self.table = (0..<256).map { value in
            let result =
                switch (source, target) {
                case (.limited, .full): (Double(value) - limited) * 255 / steps + origin
                case (.full, .limited): (Double(value) - origin) * steps / 255 + limited
                case (.limited, .limited), (.full, .full): Double(value)
                }
            return UInt8(max(0, min(255, result.rounded())))
        }
    }

    /// Writes `rows` rows of `count` bytes, `step` apart in the source and `targetStep` in the target.
    func map(
        from source: UnsafePointer<UInt8>, step: Int = 1, stride: Int, to target: UnsafeMutablePointer<UInt8>,
        step targetStep: Int = 1, stride targetStride: Int, count: Int, rows: Int
    ) {
        if self.isIdentity, step == 1, targetStep == 1 {
            copyRows(from: source, stride: stride, to: target, stride: targetStride, bytes: count, rows: rows)
            return
        }
        self.table.withUnsafeBufferPointer { table in
            for row in 0..<rows {
                let from = source + row * stride
                let to = target + row * targetStride
                for index in 0..<count {
                    to[index &* targetStep] = table[Int(from[index &* step])]
                }
            }
        }
    }
}

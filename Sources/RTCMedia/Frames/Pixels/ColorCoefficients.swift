// SPDX-License-Identifier: Apache-2.0

/// The factors between YUV and RGB of one colour space, as integers with 16 binary places (ITU-T H.273 §8.3).
struct ColorCoefficients {
    /// What luma counts from, and its factor towards RGB.
    let lumaOffset: Int32
    let lumaToRGB: Int32
    let redFromV: Int32
    let greenFromU: Int32
    let greenFromV: Int32
    let blueFromU: Int32

    /// The factors of red, green and blue, which add up exactly: gray stays gray, white gets the largest luma.
    let luma: SIMD3<Int32>
    /// These add up to 0.
    let chromaU: SIMD3<Int32>
    let chromaV: SIMD3<Int32>

    init(_ space: ColorSpace) {
        let red = space.matrix == .bt601 ? 0.299 : 0.2126
        let blue = space.matrix == .bt601 ? 0.114 : 0.0722
        let green = 1 - red - blue
        let isLimited = space.range == .limited
        let lumaSteps: Double = isLimited ? 219 : 255
        let chromaSteps: Double = isLimited ? 224 : 255
        func fixed(_ value: Double) -> Int32 { Int32((value * 65_536).rounded()) }

        self.lumaOffset = isLimited ? 16 : 0
        self.lumaToRGB = fixed(255 / lumaSteps)
        let chroma = 255 / chromaSteps
        self.redFromV = fixed(2 * (1 - red) * chroma)
        self.blueFromU = fixed(2 * (1 - blue) * chroma)
        self.greenFromV = fixed(2 * (1 - red) * red / green * chroma)
        self.greenFromU = fixed(2 * (1 - blue) * blue / green * chroma)

        let lumaRed = fixed(red * lumaSteps / 255)
        let lumaBlue = fixed(blue * lumaSteps / 255)
        self.luma = SIMD3(lumaRed, fixed(lumaSteps / 255) - lumaRed - lumaBlue, lumaBlue)
        let half = fixed(chromaSteps / 255 / 2)
        let redInU = fixed(-red / (1 - blue) / 2 * chromaSteps / 255)
        self.chromaU = SIMD3(redInU, -half - redInU, half)
        let blueInV = fixed(-blue / (1 - red) / 2 * chromaSteps / 255)
        self.chromaV = SIMD3(half, -half - blueInV, blueInV)
    }

    /// The luma of a colour.
    @inline(__always)
    func lumaOf(_ red: Int32, _ green: Int32, _ blue: Int32) -> UInt8 {
        let sum = self.luma.x &* red &+ self.luma.y &* green &+ self.luma.z &* blue
        return clamped(((sum &+ 0x8000) &>> 16) &+ self.lumaOffset)
    }
}

/// The nearest value that a byte holds.
@inline(__always)
func clamped(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: max(0, min(255, value))) }

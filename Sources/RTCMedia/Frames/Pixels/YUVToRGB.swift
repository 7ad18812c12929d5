// SPDX-License-Identifier: Apache-2.0

typealias YUVSource = YUVPointers<UnsafePointer<UInt8>, UnsafePointer<UInt8>>

/// Writes a YUV picture as packed RGB; each chroma serves its two by two pixels.
func convertYUVToRGB(
    from source: YUVSource, to target: UnsafeMutablePointer<UInt8>, stride: Int, components: RGBComponents, width: Int,
    height: Int, coefficients: ColorCoefficients
) {
    let (step, redAt, greenAt, blueAt) = (components.step, components.red, components.green, components.blue)
    let hasAlpha = components.alpha != nil
    let alphaAt = components.alpha ?? 0
    for y in 0..<height {
        let luma = source.luma + y * source.lumaStride
        let u = source.u + (y >> 1) * source.chromaStride
        let v = source.v + (y >> 1) * source.chromaStride
        var pixel = target + y * stride
        var x = 0
        while x < width {
            let chroma = (x &>> 1) &* source.chromaStep
            let blueness = Int32(u[chroma]) &- 128
            let redness = Int32(v[chroma]) &- 128
            // The half makes the shift below round.
            let red = coefficients.redFromV &* redness &+ 0x8000
            let green =
                0x8000 &- coefficients.greenFromU &* blueness &- coefficients.greenFromV &* redness
            let blue = coefficients.blueFromU &* blueness &+ 0x8000
            let end = min(x &+ 2, width)
            while x < end {
                let light = (Int32(luma[x]) &- coefficients.lumaOffset) &* coefficients.lumaToRGB
                pixel[redAt] = clamped((light &+ red) &>> 16)
                pixel[greenAt] = clamped((light &+ green) &>> 16)
                pixel[blueAt] = clamped((light &+ blue) &>> 16)
                if hasAlpha { pixel[alphaAt] = 255 }
                pixel += step
                x &+= 1
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

typealias YUVTarget = YUVPointers<UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>>

/// Writes a packed RGB picture as YUV; each chroma is the mean of its two by two pixels, of fewer at odd edges.
func convertRGBToYUV(
    from source: UnsafePointer<UInt8>, stride: Int, components: RGBComponents, to target: YUVTarget, width: Int,
    height: Int, coefficients: ColorCoefficients
) {
    convertRGBToLuma(
        from: source, stride: stride, components: components, to: target.luma, stride: target.lumaStride, width: width,
        height: height, coefficients: coefficients)
    let (step, redAt, greenAt, blueAt) = (components.step, components.red, components.green, components.blue)
    let (chromaU, chromaV) = (coefficients.chromaU, coefficients.chromaV)
    for y in 0..<(height + 1) / 2 {
        let upper = source + 2 * y * stride
        // At an odd edge the last row or column counts twice.
        let lower = 2 * y + 1 < height ? upper + stride : upper
        let u = target.u + y * target.chromaStride
        let v = target.v + y * target.chromaStride
        for x in 0..<(width + 1) / 2 {
            let left = 2 &* x &* step
            let right = 2 &* x &+ 1 < width ? left &+ step : left
            @inline(__always)
            func sum(_ at: Int) -> Int32 {
                Int32(upper[left &+ at]) &+ Int32(upper[right &+ at]) &+ Int32(lower[left &+ at])
                    &+ Int32(lower[right &+ at])
            }
            let (red, green, blue) = (sum(redAt), sum(greenAt), sum(blueAt))
            let blueness = chromaU.x &* red &+ chromaU.y &* green &+ chromaU.z &* blue
            let redness = chromaV.x &* red &+ chromaV.y &* green &+ chromaV.z &* blue
            // Two more places than the factors have: the sums are of four pixels.
            u[x &* target.chromaStep] = clamped(((blueness &+ 0x2_0000) &>> 18) &+ 128)
            v[x &* target.chromaStep] = clamped(((redness &+ 0x2_0000) &>> 18) &+ 128)
        }
    }
}

/// Writes the luma of a packed RGB picture.
func convertRGBToLuma(
    from source: UnsafePointer<UInt8>, stride: Int, components: RGBComponents, to target: UnsafeMutablePointer<UInt8>,
    stride targetStride: Int, width: Int, height: Int, coefficients: ColorCoefficients
) {
    let (step, redAt, greenAt, blueAt) = (components.step, components.red, components.green, components.blue)
    for y in 0..<height {
        var pixel = source + y * stride
        let luma = target + y * targetStride
        for x in 0..<width {
            luma[x] = coefficients.lumaOf(Int32(pixel[redAt]), Int32(pixel[greenAt]), Int32(pixel[blueAt]))
            pixel += step
        }
    }
}

/// Writes packed RGB in another order of bytes; without an alpha of its own a picture is opaque.
func reorderRGB(
    from source: UnsafePointer<UInt8>, stride: Int, components: RGBComponents, to target: UnsafeMutablePointer<UInt8>,
    stride targetStride: Int, components targetComponents: RGBComponents, width: Int, height: Int
) {
    for y in 0..<height {
        var from = source + y * stride
        var to = target + y * targetStride
        for _ in 0..<width {
            to[targetComponents.red] = from[components.red]
            to[targetComponents.green] = from[components.green]
            to[targetComponents.blue] = from[components.blue]
            if let alpha = targetComponents.alpha { to[alpha] = components.alpha.map { from[$0] } ?? 255 }
            from += components.step
            to += targetComponents.step
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

// Pictures in another pixel format or colour space. The RGB formats and gray have no colour space of their own: there
// it says how they come from and become YUV.
extension VideoFrame {
    /// The same picture in another pixel format; `colorSpace` stays the same.
    public func converted(to format: PixelFormat) -> VideoFrame {
        self.converted(to: format, colorSpace: self.colorSpace)
    }

    /// The same picture in another pixel format and colour space.
    ///
    /// RGB is full range; gray is luma in full range; what had no alpha becomes opaque.
    public func converted(to format: PixelFormat, colorSpace: ColorSpace) -> VideoFrame {
        var result: VideoFrame
        switch (self.format.isYUV, format.isYUV) {
        case (true, true) where self.colorSpace.matrix != colorSpace.matrix:
            result = self.converted(to: .rgb24).converted(to: format, colorSpace: colorSpace)
        case (true, true) where self.format == format && self.colorSpace == colorSpace: return self
        case (true, true): result = self.repackedYUV(to: format, range: colorSpace.range)
        case (true, false): result = format == .gray8 ? self.grayFromYUV() : self.rgbFromYUV(to: format)
        case (false, true): result = self.yuv(to: format, colorSpace: colorSpace)
        case (false, false) where self.format == format: result = self
        case (false, false): result = self.repackedRGB(to: format)
        }
        result.copyProperties(of: self)
        result.colorSpace = colorSpace
        return result
    }

    /// Takes over everything but the pixels and their format.
    mutating func copyProperties(of other: VideoFrame) {
        self.pts = other.pts
        self.timeBase = other.timeBase
        self.rotation = other.rotation
        self.colorSpace = other.colorSpace
    }

    /// A picture of `format` and this one's size; `body` writes it all.
    private func rendered(
        _ format: PixelFormat,
        _ body: (
            _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>, _ planes: [PlaneLayout]
        ) -> Void
    ) -> VideoFrame {
        VideoFrame(unwrittenWidth: self.width, height: self.height, format: format) { target, planes in
            self.storage.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                body(from, to, planes)
            }
        }
    }

    private func rgbFromYUV(to format: PixelFormat) -> VideoFrame {
        guard let components = format.rgb else { return self }
        return self.rendered(format) { source, target, planes in
            convertYUVToRGB(
                from: YUVSource(source, self.layout, self.format), to: target, stride: planes[0].stride,
                components: components, width: self.width, height: self.height,
                coefficients: ColorCoefficients(self.colorSpace))
        }
    }

    private func grayFromYUV() -> VideoFrame {
        self.rendered(.gray8) { source, target, planes in
            RangeTable(from: self.colorSpace.range, to: .full, isChroma: false).map(
                from: source + self.layout[0].offset, stride: self.layout[0].stride, to: target,
                stride: planes[0].stride, count: self.width, rows: self.height)
        }
    }

    private func yuv(to format: PixelFormat, colorSpace: ColorSpace) -> VideoFrame {
        self.rendered(format) { source, target, planes in
            let yuv = YUVTarget(target, planes, format)
            let stride = self.layout[0].stride
            if let components = self.format.rgb {
                convertRGBToYUV(
                    from: source, stride: stride, components: components, to: yuv, width: self.width,
                    height: self.height, coefficients: ColorCoefficients(colorSpace))
            } else {
                RangeTable(from: .full, to: colorSpace.range, isChroma: false).map(
                    from: source, stride: stride, to: yuv.luma, stride: yuv.lumaStride, count: self.width,
                    rows: self.height)
                for plane in planes.dropFirst() {
                    (target + plane.offset).update(repeating: 128, count: plane.stride * plane.height)
                }
            }
        }
    }

    private func repackedYUV(to format: PixelFormat, range: ColorSpace.Range) -> VideoFrame {
        self.rendered(format) { source, target, planes in
            let from = YUVSource(source, self.layout, self.format)
            let to = YUVTarget(target, planes, format)
            let own = self.colorSpace.range
            RangeTable(from: own, to: range, isChroma: false).map(
                from: from.luma, stride: from.lumaStride, to: to.luma, stride: to.lumaStride, count: self.width,
                rows: self.height)
            let chroma = RangeTable(from: own, to: range, isChroma: true)
            for (from, to, fromStride, toStride, fromStep, toStep) in [
                (from.u, to.u, from.chromaStride, to.chromaStride, from.chromaStep, to.chromaStep),
                (from.v, to.v, from.chromaStride, to.chromaStride, from.chromaStep, to.chromaStep),
            ] {
                chroma.map(
                    from: from, step: fromStep, stride: fromStride, to: to, step: toStep, stride: toStride,
                    count: (self.width + 1) / 2, rows: planes[1].height)
            }
        }
    }

    private func repackedRGB(to format: PixelFormat) -> VideoFrame {
        // Gray is RGB whose three bytes are one.
        let gray = RGBComponents(step: 1, red: 0, green: 0, blue: 0, alpha: nil)
        let components = self.format.rgb ?? gray
        return self.rendered(format) { source, target, planes in
            if let targetComponents = format.rgb {
                reorderRGB(
                    from: source, stride: self.layout[0].stride, components: components, to: target,
                    stride: planes[0].stride, components: targetComponents, width: self.width, height: self.height)
            } else {
                let space = ColorSpace(matrix: self.colorSpace.matrix, range: .full)
                convertRGBToLuma(
                    from: source, stride: self.layout[0].stride, components: components, to: target,
                    stride: planes[0].stride, width: self.width, height: self.height,
                    coefficients: ColorCoefficients(space))
            }
        }
    }
}

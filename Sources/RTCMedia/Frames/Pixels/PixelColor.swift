// SPDX-License-Identifier: Apache-2.0

/// A colour in full-range RGB.
public struct PixelColor: Hashable, Sendable {
    /// The red share.
    public var red: UInt8
    /// The green share.
    public var green: UInt8
    /// The blue share.
    public var blue: UInt8

    /// A colour.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// No light.
    public static let black = PixelColor(red: 0, green: 0, blue: 0)
    /// Full red, green and blue.
    public static let white = PixelColor(red: 255, green: 255, blue: 255)
    /// Full red.
    public static let red = PixelColor(red: 255, green: 0, blue: 0)
    /// Full green.
    public static let green = PixelColor(red: 0, green: 255, blue: 0)
    /// Full blue.
    public static let blue = PixelColor(red: 0, green: 0, blue: 255)
}

extension VideoFrame {
    /// The colour of a pixel, counted from the left and from the top.
    ///
    /// Slow: for a look at single pixels. A place outside of the picture is a programming error.
    public func color(x: Int, y: Int) -> PixelColor {
        precondition(
            (0..<self.width).contains(x) && (0..<self.height).contains(y), "no pixel \(x),\(y) in a frame of this size")
        if let rgb = self.format.rgb {
            let at = self.layout[0].offset + y * self.layout[0].stride + x * rgb.step
            return PixelColor(
                red: self.storage[at + rgb.red], green: self.storage[at + rgb.green], blue: self.storage[at + rgb.blue])
        }
        let luma = self.storage[self.layout[0].offset + y * self.layout[0].stride + x]
        guard self.format.isYUV else { return PixelColor(red: luma, green: luma, blue: luma) }
        var pixel = VideoFrame(width: 1, height: 1, format: .yuv420p)
        pixel.colorSpace = self.colorSpace
        let row = (y / 2) * self.layout[1].stride
        let isPlanar = self.format == .yuv420p
        let u = self.layout[1].offset + row + (isPlanar ? x / 2 : x / 2 * 2)
        let v = isPlanar ? self.layout[2].offset + row + x / 2 : u + 1
        pixel.storage = [luma, self.storage[u], self.storage[v]]
        return pixel.converted(to: .rgb24).color(x: 0, y: 0)
    }

    /// Paints the whole picture in a colour.
    public mutating func fill(_ color: PixelColor) {
        self.fill(color, x: 0..<self.width, y: 0..<self.height)
    }

    /// Paints the pixels of these columns and rows, as far as the picture has them; alpha becomes opaque.
    ///
    /// Where chroma is shared by four pixels it is painted for all of them.
    public mutating func fill(_ color: PixelColor, x: Range<Int>, y: Range<Int>) {
        let x = x.clamped(to: 0..<self.width)
        let y = y.clamped(to: 0..<self.height)
        guard !x.isEmpty, !y.isEmpty else { return }
        var pixel = VideoFrame(width: 1, height: 1, format: .rgb24)
        pixel.storage = [color.red, color.green, color.blue]
        let element = pixel.converted(to: self.format, colorSpace: self.colorSpace)
        for (index, plane) in self.layout.enumerated() {
            let isHalved = index > 0
            let size = self.format.elementSize(ofPlane: index)
            let columns = isHalved ? x.lowerBound / 2..<(x.upperBound + 1) / 2 : x
            let rows = isHalved ? y.lowerBound / 2..<(y.upperBound + 1) / 2 : y
            let from = element.layout[index].offset
            for row in rows {
                let line = plane.offset + row * plane.stride
                for byte in 0..<size {
                    let value = element.storage[from + byte]
                    for at in stride(
                        from: line + columns.lowerBound * size + byte, to: line + columns.upperBound * size, by: size)
                    {
                        self.storage[at] = value
                    }
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How the pixels of a video frame are laid out; the names are FFmpeg's.
public enum PixelFormat: String, Hashable, Sendable, CaseIterable {
    /// Three planes: luma, then both chromas at half the width and height.
    case yuv420p
    /// Two planes: luma, then both chromas interleaved at half the width and height.
    case nv12
    /// One plane, three bytes a pixel.
    case rgb24
    /// One plane, four bytes a pixel.
    case rgba
    /// One plane, four bytes a pixel.
    case bgra
    /// One plane of luma, full range.
    case gray8

    /// The planes of a picture of this size, tightly packed but for rows, which begin at multiples of 2 bytes at most.
    func layout(width: Int, height: Int) -> [PlaneLayout] {
        let halfWidth = (width + 1) / 2
        let halfHeight = (height + 1) / 2
        let sizes: [(bytesPerRow: Int, rows: Int)] =
            switch self {
            case .yuv420p: [(width, height), (halfWidth, halfHeight), (halfWidth, halfHeight)]
            case .nv12: [(width, height), (halfWidth * 2, halfHeight)]
            case .rgb24: [(width * 3, height)]
            case .rgba, .bgra: [(width * 4, height)]
            case .gray8: [(width, height)]
            }
        var offset = 0
        return sizes.map { size in
            defer { offset += size.bytesPerRow * size.rows }
            return PlaneLayout(offset: offset, stride: size.bytesPerRow, width: size.bytesPerRow, height: size.rows)
        }
    }
}

/// Where a plane lies in a frame's bytes.
public struct PlaneLayout: Hashable, Sendable {
    /// The offset of the first row.
    public let offset: Int
    /// From one row to the next, in bytes.
    public let stride: Int
    /// The used bytes of a row.
    public let width: Int
    /// How many rows there are.
    public let height: Int

    /// The offset after the last row.
    public var end: Int { self.offset + self.stride * self.height }
}

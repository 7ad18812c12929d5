// SPDX-License-Identifier: Apache-2.0

/// Where a pixel of a packed RGB format has its bytes.
struct RGBComponents {
    /// From one pixel to the next, in bytes.
    let step: Int
    let red: Int
    let green: Int
    let blue: Int
    /// `nil` where pixels are opaque.
    let alpha: Int?
}

extension PixelFormat {
    /// The bytes of a pixel; `nil` for formats that are not RGB.
    var rgb: RGBComponents? {
        switch self {
        case .rgb24: RGBComponents(step: 3, red: 0, green: 1, blue: 2, alpha: nil)
        case .rgba: RGBComponents(step: 4, red: 0, green: 1, blue: 2, alpha: 3)
        case .bgra: RGBComponents(step: 4, red: 2, green: 1, blue: 0, alpha: 3)
        case .yuv420p, .nv12, .gray8: nil
        }
    }

    /// Whether pixels are luma and chroma.
    public var isYUV: Bool { self == .yuv420p || self == .nv12 }

    /// The bytes that belong together in a plane: a pixel, or a pair of chromas.
    func elementSize(ofPlane plane: Int) -> Int {
        switch self {
        case .yuv420p, .gray8: 1
        case .nv12: plane == 0 ? 1 : 2
        case .rgb24: 3
        case .rgba, .bgra: 4
        }
    }
}

/// The planes of a YUV picture in memory, planar and semiplanar chroma alike.
struct YUVPointers<Luma, Chroma> {
    let luma: Luma
    let lumaStride: Int
    let u: Chroma
    let v: Chroma
    let chromaStride: Int
    /// From one chroma of a kind to the next in a row.
    let chromaStep: Int
}

extension YUVPointers where Luma == UnsafePointer<UInt8>, Chroma == UnsafePointer<UInt8> {
    /// The planes of a picture of `format`, which is a YUV format.
    init(_ base: UnsafePointer<UInt8>, _ planes: [PlaneLayout], _ format: PixelFormat) {
        let isPlanar = format == .yuv420p
        self.init(
            luma: base + planes[0].offset, lumaStride: planes[0].stride, u: base + planes[1].offset,
            v: isPlanar ? base + planes[2].offset : base + planes[1].offset + 1, chromaStride: planes[1].stride,
            chromaStep: isPlanar ? 1 : 2)
    }
}

extension YUVPointers where Luma == UnsafeMutablePointer<UInt8>, Chroma == UnsafeMutablePointer<UInt8> {
    /// The planes of a picture of `format`, which is a YUV format.
    init(_ base: UnsafeMutablePointer<UInt8>, _ planes: [PlaneLayout], _ format: PixelFormat) {
        let isPlanar = format == .yuv420p
        self.init(
            luma: base + planes[0].offset, lumaStride: planes[0].stride, u: base + planes[1].offset,
            v: isPlanar ? base + planes[2].offset : base + planes[1].offset + 1, chromaStride: planes[1].stride,
            chromaStep: isPlanar ? 1 : 2)
    }
}

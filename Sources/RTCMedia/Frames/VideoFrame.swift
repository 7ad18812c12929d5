// SPDX-License-Identifier: Apache-2.0

/// A picture, with the time at which it is shown.
///
/// A value: a copy shares its bytes until one of the two is changed. The planes lie in one buffer, each with its own
/// stride; `withPlane` and `withMutablePlane` give access to them.
public struct VideoFrame: Sendable {
    /// In pixels, 1 to ``maxDimension``.
    public let width: Int
    /// In pixels, 1 to ``maxDimension``.
    public let height: Int
    /// How pixels are laid out.
    public let format: PixelFormat
    /// When the frame is shown, in ticks of ``timeBase``; `nil` when nobody has said so.
    public var pts: Int64?
    /// How long a tick of ``pts`` lasts, in seconds.
    public var timeBase = MediaTiming.videoTimeBase
    /// How far the picture must be turned clockwise to be upright (3GPP TS 26.114 §7.4.5).
    public var rotation = Rotation.none
    /// What the numbers of a pixel mean.
    public var colorSpace = ColorSpace()

    /// The largest width or height of a frame.
    public static let maxDimension = 16_384

    package var storage: [UInt8]
    package let layout: [PlaneLayout]

    /// How far a picture must be turned clockwise, in degrees.
    public enum Rotation: Int, Hashable, Sendable, CaseIterable {
        case none = 0
        case clockwise90 = 90
        case clockwise180 = 180
        case clockwise270 = 270
    }

    /// A frame of black pixels for RGB and gray formats, of zero bytes (a dark green) for YUV formats.
    ///
    /// Sizes outside of 1 to ``maxDimension`` are a programming error.
    public init(width: Int, height: Int, format: PixelFormat = .yuv420p) {
        let layout = Self.checkedLayout(width: width, height: height, format: format)
        self.init(
            width: width, height: height, format: format, layout: layout,
            storage: [UInt8](repeating: 0, count: layout.last?.end ?? 0))
    }

    /// A frame whose bytes `body` writes, all of them.
    package init(
        unwrittenWidth width: Int, height: Int, format: PixelFormat,
        _ body: (_ bytes: UnsafeMutableBufferPointer<UInt8>, _ layout: [PlaneLayout]) -> Void
    ) {
        let layout = Self.checkedLayout(width: width, height: height, format: format)
        let size = layout.last?.end ?? 0
        let storage = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            body(UnsafeMutableBufferPointer(rebasing: buffer[..<size]), layout)
            count = size
        }
        self.init(width: width, height: height, format: format, layout: layout, storage: storage)
    }

    /// A frame of these bytes, which must be exactly as many as the format needs.
    init(width: Int, height: Int, format: PixelFormat, checked storage: [UInt8]) {
        let layout = Self.checkedLayout(width: width, height: height, format: format)
        precondition(storage.count == layout.last?.end, "the bytes fill the frame")
        self.init(width: width, height: height, format: format, layout: layout, storage: storage)
    }

    private init(width: Int, height: Int, format: PixelFormat, layout: [PlaneLayout], storage: [UInt8]) {
        self.width = width
        self.height = height
        self.format = format
        self.layout = layout
        self.storage = storage
    }

    private static func checkedLayout(width: Int, height: Int, format: PixelFormat) -> [PlaneLayout] {
        precondition(
            (1...Self.maxDimension).contains(width) && (1...Self.maxDimension).contains(height),
            "a frame is 1 to \(Self.maxDimension) pixels wide and high, not \(width)x\(height)")
        return format.layout(width: width, height: height)
    }

    /// When the frame is shown, in seconds; `nil` without ``pts``.
    public var time: Double? { self.pts.map { Double($0) * self.timeBase.value } }
}

/// What the numbers of a YUV pixel mean (ITU-T H.273).
public struct ColorSpace: Hashable, Sendable {
    /// The matrix between YUV and RGB.
    public enum Matrix: Hashable, Sendable { case bt601, bt709 }
    /// Whether luma is 16 to 235, or 0 to 255.
    public enum Range: Hashable, Sendable { case limited, full }

    /// The matrix between YUV and RGB.
    public var matrix: Matrix
    /// The smallest and largest values.
    public var range: Range

    /// A colour space; without arguments that of WebRTC's video codecs.
    public init(matrix: Matrix = .bt601, range: Range = .limited) {
        self.matrix = matrix
        self.range = range
    }
}

// SPDX-License-Identifier: Apache-2.0

// How pictures come from plain bytes and become such: the planes one after the other, without gaps between rows.
extension VideoFrame {
    /// How many bytes a tightly packed picture has.
    ///
    /// Throws ``FrameError/dimensions(width:height:)`` for a size outside of 1 to ``maxDimension``.
    public static func byteCount(width: Int, height: Int, format: PixelFormat) throws(FrameError) -> Int {
        guard (1...Self.maxDimension).contains(width), (1...Self.maxDimension).contains(height) else {
            throw .dimensions(width: width, height: height)
        }
        return format.layout(width: width, height: height).last?.end ?? 0
    }

    /// A picture of these bytes, planes and rows tightly packed.
    ///
    /// Throws ``FrameError`` for a size that cannot be, or unless there are exactly as many bytes as it needs.
    public init(width: Int, height: Int, format: PixelFormat, bytes: [UInt8]) throws(FrameError) {
        let size = try Self.byteCount(width: width, height: height, format: format)
        guard bytes.count == size else { throw .size(bytes.count, expected: size) }
        self.init(width: width, height: height, format: format, checked: bytes)
    }

    /// A picture of a copy of these bytes, planes and rows tightly packed.
    ///
    /// Throws ``FrameError`` for a size that cannot be, or unless there are exactly as many bytes as it needs.
    public init(width: Int, height: Int, format: PixelFormat, bytes: Span<UInt8>) throws(FrameError) {
        try self.init(width: width, height: height, format: format, bytes: bytes.withUnsafeBufferPointer(Array.init))
    }

    /// A picture of planes whose rows may have gaps: `strides[i]` bytes from one row of `planes[i]` to the next.
    ///
    /// The gap after a plane's last row may be left out. Throws ``FrameError`` when something does not fit.
    public init(
        width: Int, height: Int, format: PixelFormat, planes: [[UInt8]], strides: [Int]
    ) throws(FrameError) {
        _ = try Self.byteCount(width: width, height: height, format: format)
        self.init(width: width, height: height, format: format)
        for count in [planes.count, strides.count] where count != self.layout.count {
            throw .planeCount(count, expected: self.layout.count)
        }
        for index in planes.indices {
            try self.updatePlane(index, from: planes[index], stride: strides[index])
        }
    }

    /// A copy of planes in somebody else's memory, as decoders give them: for each plane the first byte and how many
    /// bytes later each row follows, which may be negative.
    package init(
        width: Int, height: Int, format: PixelFormat,
        copying source: (_ plane: Int) -> (base: UnsafePointer<UInt8>, stride: Int)
    ) {
        self.init(unwrittenWidth: width, height: height, format: format) { bytes, layout in
            guard let target = bytes.baseAddress else { return }
            for (index, plane) in layout.enumerated() {
                let (base, stride) = source(index)
                copyRows(
                    from: base, stride: stride, to: target + plane.offset, stride: plane.stride, bytes: plane.width,
                    rows: plane.height)
            }
        }
    }

    /// The planes one after the other, rows tightly packed.
    public var bytes: [UInt8] { self.storage }

    /// Replaces a plane by rows that are tightly packed, or `stride` bytes apart.
    ///
    /// The gap after the last row may be left out. Throws ``FrameError`` and changes nothing when the plane does not
    /// exist, rows would overlap, or there are not as many bytes as there should be.
    public mutating func updatePlane(_ index: Int, from bytes: [UInt8], stride: Int? = nil) throws(FrameError) {
        try self.updatePlane(index, from: bytes.span, stride: stride)
    }

    /// Replaces a plane by rows that are tightly packed, or `stride` bytes apart.
    ///
    /// The gap after the last row may be left out. Throws ``FrameError`` and changes nothing when the plane does not
    /// exist, rows would overlap, or there are not as many bytes as there should be.
    public mutating func updatePlane(_ index: Int, from bytes: Span<UInt8>, stride: Int? = nil) throws(FrameError) {
        guard self.layout.indices.contains(index) else { throw .index(index, count: self.layout.count) }
        let plane = self.layout[index]
        let stride = stride ?? plane.width
        guard stride >= plane.width else { throw .stride(stride, atLeast: plane.width) }
        let (whole, overflow) = stride.multipliedReportingOverflow(by: plane.height)
        let least = whole - (stride - plane.width)
        guard !overflow, bytes.count == whole || bytes.count == least else {
            throw .size(bytes.count, expected: overflow ? .max : whole)
        }
        bytes.withUnsafeBufferPointer { source in
            self.storage.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                copyRows(
                    from: from, stride: stride, to: to + plane.offset, stride: plane.stride, bytes: plane.width,
                    rows: plane.height)
            }
        }
    }
}

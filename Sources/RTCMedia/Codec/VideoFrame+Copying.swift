// SPDX-License-Identifier: Apache-2.0

/// A plane of a picture in the memory of a library.
package struct ForeignPlane {
    /// The first row.
    package var start: UnsafeRawPointer
    /// From one row to the next, in bytes; negative when the picture stands on its head.
    package var stride: Int

    /// A plane, if it is there.
    package init?(start: UnsafePointer<UInt8>?, stride: Int32) {
        guard let start else { return nil }
        self.start = UnsafeRawPointer(start)
        self.stride = Int(stride)
    }
}

extension VideoFrame {
    /// A picture copied from a library's memory; `nil` without the planes of the format or with a size that no frame has.
    ///
    /// Each plane must have as many rows and bytes a row as `format` says for this size.
    package init?(width: Int, height: Int, format: PixelFormat, copying planes: [ForeignPlane?]) {
        let sizes = 1...Self.maxDimension
        let present = planes.compactMap(\.self)
        guard sizes.contains(width), sizes.contains(height),
            present.count == format.layout(width: width, height: height).count
        else { return nil }
        self.init(unwrittenWidth: width, height: height, format: format) { buffer, layout in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for (plane, source) in zip(layout, present) {
                for row in 0..<plane.height {
                    let start = plane.offset + row * plane.stride
                    UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + plane.width]).copyMemory(
                        from: UnsafeRawBufferPointer(start: source.start + row * source.stride, count: plane.width))
                }
            }
        }
    }
}

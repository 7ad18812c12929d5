// SPDX-License-Identifier: Apache-2.0

/// One plane of a picture, as it was when it was asked for.
public struct VideoPlane: Sendable {
    /// The used bytes of a row.
    public var width: Int { self.layout.width }
    /// How many rows there are.
    public var height: Int { self.layout.height }
    /// From one row to the next, in bytes.
    public var stride: Int { self.layout.stride }

    private let layout: PlaneLayout
    private let storage: [UInt8]

    init(_ layout: PlaneLayout, of storage: [UInt8]) {
        self.layout = layout
        self.storage = storage
    }

    /// The rows from the top, ``stride`` bytes from one to the next.
    public var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { self.storage.span.extracting(self.layout.offset..<self.layout.end) }
    }

    /// A copy of the used bytes, row after row.
    public func copyBytes() -> [UInt8] {
        let layout = self.layout
        return [UInt8](unsafeUninitializedCapacity: layout.width * layout.height) { target, count in
            self.storage.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                copyRows(
                    from: from + layout.offset, stride: layout.stride, to: to, stride: layout.width,
                    bytes: layout.width, rows: layout.height)
                count = layout.width * layout.height
            }
        }
    }

    /// Calls `body` with the memory of the plane, which is valid until `body` returns.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.storage.span.bytes.withUnsafeBytes { bytes throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: bytes[self.layout.offset..<self.layout.end]))
        }
    }
}

extension VideoFrame {
    /// The planes of a picture, in the order of its format.
    public struct Planes: RandomAccessCollection, Sendable {
        private let frame: VideoFrame

        fileprivate init(_ frame: VideoFrame) { self.frame = frame }

        /// Always 0.
        public var startIndex: Int { 0 }
        /// How many planes there are.
        public var endIndex: Int { self.frame.layout.count }

        /// The plane of this number; one that the format does not have is a programming error.
        public subscript(index: Int) -> VideoPlane { VideoPlane(self.frame.layout[index], of: self.frame.storage) }
    }

    /// The planes of the picture as it is now; they do not change with the frame.
    public var planes: Planes { Planes(self) }
}

/// Copies rows of `bytes` bytes between buffers of two strides, neither less than `bytes`.
func copyRows(
    from source: UnsafePointer<UInt8>, stride sourceStride: Int, to target: UnsafeMutablePointer<UInt8>,
    stride targetStride: Int, bytes: Int, rows: Int
) {
    if sourceStride == bytes, targetStride == bytes {
        target.update(from: source, count: bytes * rows)
        return
    }
    for row in 0..<rows {
        (target + row * targetStride).update(from: source + row * sourceStride, count: bytes)
    }
}

// SPDX-License-Identifier: Apache-2.0

// Access to the memory of a picture. Whoever changes a frame that shares its bytes with another first gets a copy.
extension VideoFrame {
    /// Calls `body` with the rows of a plane and how they lie there (the offset is 0).
    ///
    /// A plane that the format does not have is a programming error.
    public func withPlane<Result, Failure: Error>(
        _ index: Int, _ body: (_ bytes: Span<UInt8>, _ layout: PlaneLayout) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let plane = self.layout[index]
        return try body(self.storage.span.extracting(plane.offset..<plane.end), plane.rebased)
    }

    /// Calls `body` with the rows of a plane, to change them, and how they lie there (the offset is 0).
    ///
    /// A plane that the format does not have is a programming error.
    public mutating func withMutablePlane<Result, Failure: Error>(
        _ index: Int, _ body: (_ bytes: inout MutableSpan<UInt8>, _ layout: PlaneLayout) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let plane = self.layout[index]
        var all = self.storage.mutableSpan
        return try all.withUnsafeMutableBufferPointer { all throws(Failure) in
            var bytes = UnsafeMutableBufferPointer(rebasing: all[plane.offset..<plane.end]).mutableSpan
            return try body(&bytes, plane.rebased)
        }
    }

    /// Calls `body` with the memory of all planes, which is valid until `body` returns, and where each lies in it.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (_ bytes: UnsafeBufferPointer<UInt8>, _ planes: [PlaneLayout]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.storage.span.withUnsafeBufferPointer { bytes throws(Failure) in try body(bytes, self.layout) }
    }

    /// Calls `body` with the memory of all planes, to change it, and where each lies in it.
    ///
    /// The memory is valid until `body` returns.
    public mutating func withUnsafeMutableBytes<Result, Failure: Error>(
        _ body: (_ bytes: UnsafeMutableBufferPointer<UInt8>, _ planes: [PlaneLayout]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let layout = self.layout
        var span = self.storage.mutableSpan
        return try span.withUnsafeMutableBufferPointer { bytes throws(Failure) in try body(bytes, layout) }
    }
}

extension PlaneLayout {
    /// The same rows, seen from the first of them.
    fileprivate var rebased: PlaneLayout {
        PlaneLayout(offset: 0, stride: self.stride, width: self.width, height: self.height)
    }
}

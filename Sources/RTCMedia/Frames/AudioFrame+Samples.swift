// SPDX-License-Identifier: Apache-2.0

// Access to the samples of a frame as numbers. Whoever changes a frame that shares its samples first gets a copy.
extension AudioFrame {
    /// A frame of these samples: the channels interleaved, or one plane after the other.
    ///
    /// Throws ``FrameError`` unless the samples fill all channels equally, or for a rate below 1.
    public init<Sample: AudioSample>(
        _ samples: [Sample], layout: Layout = .mono, sampleRate: Int, isPlanar: Bool = false
    ) throws(FrameError) {
        guard sampleRate >= 1 else { throw .sampleRate(sampleRate) }
        let channels = layout.channels
        guard samples.count % channels == 0 else {
            throw .size(samples.count, expected: samples.count / channels * channels)
        }
        self.init(
            format: isPlanar ? Sample.planarFormat : Sample.packedFormat, layout: layout,
            samples: samples.count / channels, sampleRate: sampleRate,
            storage: samples.withUnsafeBytes { [UInt8]($0) })
    }

    /// A frame of these bytes, which hold samples of `format` in the machine's byte order.
    ///
    /// Throws ``FrameError`` unless the bytes are whole samples that fill all channels equally, or for a rate below 1.
    public init(
        bytes: [UInt8], format: SampleFormat = .s16, layout: Layout = .mono, sampleRate: Int
    ) throws(FrameError) {
        guard sampleRate >= 1 else { throw .sampleRate(sampleRate) }
        let size = layout.channels * format.bytesPerSample
        guard bytes.count % size == 0 else { throw .size(bytes.count, expected: bytes.count / size * size) }
        self.init(
            format: format, layout: layout, samples: bytes.count / size, sampleRate: sampleRate, storage: bytes)
    }

    /// A frame whose samples `body` writes, all of them, interleaved.
    package init<Sample: AudioSample>(
        unwritten: Sample.Type, layout: Layout, samples: Int, sampleRate: Int,
        _ body: (UnsafeMutableBufferPointer<Sample>) -> Void
    ) {
        let size = samples * layout.channels * MemoryLayout<Sample>.stride
        let storage = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size])
                .withMemoryRebound(to: Sample.self, body)
            count = size
        }
        self.init(
            format: Sample.packedFormat, layout: layout, samples: samples, sampleRate: sampleRate, storage: storage)
    }

    /// The samples in the machine's byte order, one plane after the other.
    public var bytes: [UInt8] { self.storage }

    /// The samples of a plane, or of all channels interleaved when there is one plane.
    ///
    /// A type other than that of the frame's format, or a plane that there is not, is a programming error.
    public func withSamples<Sample: AudioSample, Result, Failure: Error>(
        of type: Sample.Type, plane: Int = 0, _ body: (Span<Sample>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.withUnsafeSamples(of: type) { samples throws(Failure) in
            try body(samples.span.extracting(self.range(ofPlane: plane)))
        }
    }

    /// The samples of a plane, or of all channels interleaved when there is one plane, to be changed.
    ///
    /// A type other than that of the frame's format, or a plane that there is not, is a programming error.
    public mutating func withMutableSamples<Sample: AudioSample, Result, Failure: Error>(
        of type: Sample.Type, plane: Int = 0, _ body: (inout MutableSpan<Sample>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        self.checkType(type)
        let range = self.range(ofPlane: plane)
        var bytes = self.storage.mutableSpan
        return try bytes.withUnsafeMutableBytes { bytes throws(Failure) in
            let samples = bytes.assumingMemoryBound(to: Sample.self)
            var span = UnsafeMutableBufferPointer(rebasing: samples[range]).mutableSpan
            return try body(&span)
        }
    }

    /// All samples, plane after plane; of the frame's own type, else it is a programming error.
    package func withUnsafeSamples<Sample: AudioSample, Result, Failure: Error>(
        of type: Sample.Type, _ body: (UnsafeBufferPointer<Sample>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        self.checkType(type)
        return try self.storage.span.bytes.withUnsafeBytes { bytes throws(Failure) in
            try body(bytes.assumingMemoryBound(to: Sample.self))
        }
    }

    private func checkType<Sample: AudioSample>(_ type: Sample.Type) {
        precondition(
            self.format == Sample.packedFormat || self.format == Sample.planarFormat,
            "samples of \(self.format) are no \(type); convert the frame first")
    }

    private func range(ofPlane plane: Int) -> Range<Int> {
        let planes = self.format.isPlanar ? self.layout.channels : 1
        precondition((0..<planes).contains(plane), "a frame of \(planes) planes has no number \(plane)")
        let size = self.format.isPlanar ? self.samples : self.samples * self.layout.channels
        return plane * size..<(plane + 1) * size
    }
}

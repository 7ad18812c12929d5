// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Makes frames of one format from RTP payloads.
///
/// Each packet is first inspected on its own, as it arrives. When all packets of a frame are there, they are appended in
/// their order:
///
///     let info = try depacketizer.inspect(payload)
///     …
///     depacketizer.begin()
///     for payload in payloads { depacketizer.append(payload, to: &frame) }
///     let summary = try depacketizer.finish(&frame)
package struct Depacketizer: Sendable {
    /// How frames are laid out.
    package let format: RTPPayloadFormat
    private let limits: PictureLimits
    private var h264 = H264Depacketizer()
    private var start = 0

    /// A depacketizer that refuses pictures above `limits`.
    package init(format: RTPPayloadFormat, limits: PictureLimits = PictureLimits()) {
        self.format = format
        self.limits = limits
    }

    /// Units of a frame that were left out because they break the rules of their format, while the frame goes on.
    package var discardedUnits: Int { self.h264.discardedUnits }

    /// What a payload says about itself; throws when the packet must be discarded.
    package func inspect(_ payload: RawSpan) throws(PayloadError) -> PayloadInfo {
        guard payload.byteCount > 0 else { throw .truncated }
        let info: PayloadInfo
        switch self.format {
        case .single:
            var whole = PayloadInfo()
            whole.isFrameStart = true
            whole.isFrameEnd = true
            whole.isKeyFrame = true
            return whole
        case .vp8: info = try VP8Depacketizer.inspect(payload)
        case .h264: info = try H264Depacketizer.inspect(payload)
        }
        if let size = info.size, !self.limits.allow(size) { throw .pictureTooLarge }
        return info
    }

    /// Begins a frame that is appended to what `frame` holds already, none unless said.
    package mutating func begin(after frame: [UInt8] = []) {
        self.start = frame.count
        self.h264.begin()
    }

    /// Appends what the next payload of the frame holds.
    package mutating func append(_ payload: RawSpan, to frame: inout [UInt8]) {
        switch self.format {
        case .single: frame.append(payload)
        case .vp8: VP8Depacketizer.append(payload, to: &frame)
        case .h264: self.h264.append(payload, to: &frame)
        }
    }

    /// Ends the frame, says what it is, and throws when no decoder should see it.
    package mutating func finish(_ frame: inout [UInt8]) throws(PayloadError) -> FrameSummary {
        self.h264.finish(&frame)
        let bytes = frame.span.bytes
        guard self.start < bytes.byteCount, let own = bytes.slice(self.start..<bytes.byteCount) else {
            throw .truncated
        }
        switch self.format {
        case .single: return FrameSummary(isKeyFrame: true, size: nil)
        case .vp8: return try VP8Depacketizer.summary(of: own, limits: self.limits)
        case .h264: return try H264Depacketizer.summary(of: own, limits: self.limits)
        }
    }
}

/// What a whole frame says about itself.
package struct FrameSummary: Hashable, Sendable {
    /// Whether decoding can begin here.
    package var isKeyFrame: Bool
    /// The size of the picture, where the frame says so: key frames do.
    package var size: PictureSize?

    package init(isKeyFrame: Bool, size: PictureSize?) {
        self.isKeyFrame = isKeyFrame
        self.size = size
    }
}

extension [UInt8] {
    /// Appends the bytes of `span`.
    mutating func append(_ span: RawSpan) { span.withUnsafeBytes { self.append(contentsOf: $0) } }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The uncompressed bytes that a VP8 frame begins with (RFC 6386 §9.1).
package struct VP8FrameHeader: Hashable, Sendable {
    /// Whether decoding can begin with the frame.
    package let isKeyFrame: Bool
    /// The size of a key frame; `nil` between key frames, and when `frame` ends before it.
    package let size: PictureSize?

    /// Reads the first bytes of a frame, which need not all be there.
    package init(_ frame: RawSpan) throws(PayloadError) {
        guard let first = frame.byte(at: 0) else { throw .truncated }
        self.isKeyFrame = first & 1 == 0
        guard self.isKeyFrame, let low = frame.byte(at: 6), let width = frame.byte(at: 7),
            let height = frame.byte(at: 8), let high = frame.byte(at: 9)
        else {
            self.size = nil
            return
        }
        // Little-endian, unlike all else here; the two top bits say how to scale.
        guard frame.byte(at: 3) == 0x9D, frame.byte(at: 4) == 0x01, frame.byte(at: 5) == 0x2A else { throw .malformed }
        let size = PictureSize(width: Int(width & 0x3F) << 8 | Int(low), height: Int(high & 0x3F) << 8 | Int(height))
        guard size.width > 0, size.height > 0 else { throw .malformed }
        self.size = size
    }
}

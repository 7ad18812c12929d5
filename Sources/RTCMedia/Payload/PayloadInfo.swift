// SPDX-License-Identifier: Apache-2.0

/// What one payload says about itself and its frame, before any other packet of the frame is there.
package struct PayloadInfo: Hashable, Sendable {
    /// Whether the frame certainly begins here.
    package var isFrameStart = false
    /// Whether the frame may begin here: then it does when the packet before is of another frame.
    package var mayStartFrame = true
    /// Whether the frame certainly ends here; video says so with the marker bit of RTP.
    package var isFrameEnd = false
    /// Whether the payload holds something that only key frames have.
    package var isKeyFrame = false
    /// Whether no other frame needs this one.
    package var isDiscardable = false
    /// The number of the picture; VP8 only.
    package var pictureID: PictureID?
    /// `TL0PICIDX`: the running number of the base layer's pictures; VP8 only.
    package var baseLayerIndex: UInt8?
    /// `TID`: 0 for the base layer; VP8 only.
    package var temporalLayer: UInt8?
    /// `Y`: whether the frame needs no other layer than the base; VP8 only.
    package var isLayerSync = false
    /// `KEYIDX`: the running number of key frames, 5 bits; VP8 only.
    package var keyFrameIndex: UInt8?
    /// How large the picture is, where the payload says so.
    package var size: PictureSize?

    package init() {}
}

/// The number of a VP8 picture, of 7 or 15 bits (RFC 7741 §4.2).
package struct PictureID: Hashable, Sendable {
    package var value: UInt16
    /// Whether it wraps after 15 bits, not 7.
    package var isLong: Bool

    package init(_ value: UInt16, isLong: Bool = true) {
        self.value = value & (isLong ? 0x7FFF : 0x7F)
        self.isLong = isLong
    }

    /// How many pictures `later` is ahead, on the circle of this number's width.
    package func distance(to later: PictureID) -> Int {
        Int((later.value &- self.value) & (self.isLong && later.isLong ? 0x7FFF : 0x7F))
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Lays out VP8 frames in packets (RFC 7741), without regard to partitions.
struct VP8Packetizer: Sendable {
    /// Whether packets say which temporal layer they belong to.
    var usesTemporalLayers = true
    private var pictureID: UInt16
    private var baseLayerIndex: UInt8
    private var keyFrameIndex: UInt8 = 0

    init(pictureID: UInt16, baseLayerIndex: UInt8) {
        self.pictureID = pictureID
        self.baseLayerIndex = baseLayerIndex
    }

    mutating func packetize(
        _ frame: EncodedFrame, maxPayload: Int, isDiscardable: Bool, isLayerSync: Bool,
        into slices: inout [PayloadSlice]
    ) {
        var descriptor = VP8Descriptor()
        descriptor.isDiscardable = isDiscardable
        descriptor.pictureID = PictureID(self.pictureID)
        self.pictureID = (self.pictureID &+ 1) & 0x7FFF
        if frame.isKeyFrame { self.keyFrameIndex = (self.keyFrameIndex &+ 1) & 0x1F }
        let layer = UInt8(truncatingIfNeeded: max(0, min(3, frame.temporalLayer)))
        if layer == 0 { self.baseLayerIndex &+= 1 }
        if self.usesTemporalLayers {
            descriptor.temporalLayer = layer
            descriptor.baseLayerIndex = self.baseLayerIndex
            descriptor.isLayerSync = isLayerSync
            descriptor.keyFrameIndex = self.keyFrameIndex
        }
        let following = descriptor.prefix
        // "The S bit MUST be set to 1 for the first packet of each encoded frame"; with PID 0 everywhere, "the S bit MUST
        // NOT be set for any packet other than the first packet with that PID" (§4.2).
        descriptor.isPartitionStart = true
        let first = descriptor.prefix
        PayloadSlice.cut(0..<frame.data.count, room: maxPayload - first.count, into: &slices) { index, _ in
            index == 0 ? first : following
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Which frames of a stream can be decoded after those that were, as far as VP8's temporal layers say (RFC 7741 §4.2).
///
/// While no frame is lost, all can. After a loss a key frame can; so can a frame of the base layer whose running number
/// follows that of the last base frame, and one above it that needs only that base frame.
struct LayerChain: Sendable {
    /// Whether a frame was lost that others may need.
    private(set) var isBroken = true
    /// `TL0PICIDX` of the last frame; `nil` when nothing but a key frame will do.
    private var baseIndex: UInt8?
    /// The number of the last packet of that frame.
    private var lastSequence: Int64 = 0
    /// The highest layer whose frames all came since its last beginning.
    private var highestLayer: UInt8 = 3

    /// `TL0PICIDX` has eight bits: behind more packets than this as many frames may be missing that it looks like the next.
    private static let maxDistance: Int64 = 256

    /// Frames were lost, nobody knows of which layers.
    mutating func `break`() { self.isBroken = true }

    /// Whether a frame that begins with packet `sequence` can be decoded although others before it are lost.
    func canResume(at info: PayloadInfo, sequence: Int64) -> Bool {
        guard let baseIndex = self.baseIndex, let index = info.baseLayerIndex, let layer = info.temporalLayer,
            sequence &- self.lastSequence <= Self.maxDistance
        else { return false }
        return layer == 0 ? index == baseIndex &+ 1 : info.isLayerSync && index == baseIndex
    }

    /// Whether the next frame, which begins with packet `sequence`, can be decoded.
    func takes(_ info: PayloadInfo, isKeyFrame: Bool, sequence: Int64) -> Bool {
        if isKeyFrame { return true }
        if self.isBroken { return self.canResume(at: info, sequence: sequence) }
        let layer = info.temporalLayer ?? 0
        return layer <= self.highestLayer || info.isLayerSync
    }

    /// Notes a frame that ``takes(_:isKeyFrame:sequence:)``, which ends with packet `sequence`.
    mutating func released(_ info: PayloadInfo, isKeyFrame: Bool, sequence: Int64) {
        let layer = info.temporalLayer ?? 0
        if isKeyFrame {
            self.highestLayer = 3
        } else {
            if self.isBroken { self.highestLayer = 0 }
            if layer > 0, info.isLayerSync, layer <= self.highestLayer &+ 1 { self.highestLayer = layer }
        }
        self.isBroken = false
        self.baseIndex = info.baseLayerIndex
        self.lastSequence = sequence
    }

    /// Notes a frame that was left out although nothing before it is missing.
    mutating func dropped(_ info: PayloadInfo) {
        guard !info.isDiscardable else { return }
        if let layer = info.temporalLayer, layer > 0, info.baseLayerIndex != nil {
            self.highestLayer = min(self.highestLayer, layer - 1)
        } else {
            self.isBroken = true
            self.baseIndex = nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// Lays out the frames of one sender in RTP payloads.
///
///     let bytes = packetizer.packetize(frame, maxPayload: 1_160, into: &slices)
///     for slice in slices { slice.write(into: &writer, bytes: bytes.span.bytes) }
///
/// Neither a frame nor a packet is copied or allocated: `slices` is reused by its owner, and `bytes` are the frame's own
/// unless parameter sets had to be put before a picture.
package struct Packetizer: Sendable {
    private enum Format: Sendable {
        case single
        case vp8
        case h264
    }
    private let format: Format
    private var vp8: VP8Packetizer
    private var h264: H264Packetizer
    private var droppedFrames = 0

    /// The smallest `maxPayload`.
    package static let minimumPayload = 32

    /// A packetizer; `h264Mode` and `random` (the first picture number) matter to the formats that have them.
    package init(
        format: RTPPayloadFormat, h264Mode: H264PacketizationMode = .nonInterleaved, random: inout RandomSource
    ) {
        switch format {
        case .single: self.format = .single
        case .vp8: self.format = .vp8
        case .h264: self.format = .h264
        }
        let start = random.next()
        self.vp8 = VP8Packetizer(
            pictureID: UInt16(truncatingIfNeeded: start) & 0x7FFF,
            baseLayerIndex: UInt8(truncatingIfNeeded: start >> 16))
        self.h264 = H264Packetizer(mode: h264Mode)
    }

    /// Whether VP8 packets say which temporal layer they belong to: they do unless somebody says otherwise.
    ///
    /// An encoder may begin to make layers at any time, and libwebrtc decodes nothing until the next key frame when
    /// packets begin to tell the layer after one.
    package var usesTemporalLayers: Bool {
        get { self.vp8.usesTemporalLayers }
        set { self.vp8.usesTemporalLayers = newValue }
    }

    /// How many frames, or H.264 units, could not be sent: too large for what was negotiated, or not of the codec.
    package var dropped: Int { self.droppedFrames + self.h264.droppedUnits }

    /// Appends the payloads of a frame to `slices`, each of at most `maxPayload` bytes and the last marked as such, and
    /// returns the bytes that the slices are parts of.
    ///
    /// `isDiscardable` says that no other frame needs this one, and `isLayerSync` that it needs none but those of the
    /// base layer; `false` when it is not known. Nothing is appended for an empty frame, or one that cannot be sent.
    package mutating func packetize(
        _ frame: EncodedFrame, maxPayload: Int, isDiscardable: Bool = false, isLayerSync: Bool = false,
        into slices: inout [PayloadSlice]
    ) -> [UInt8] {
        precondition(maxPayload >= Self.minimumPayload, "a packet has room for \(maxPayload) bytes only")
        var bytes = frame.data
        guard !bytes.isEmpty else { return bytes }
        let before = slices.count
        switch self.format {
        case .single:
            if bytes.count > maxPayload {
                self.droppedFrames += 1
            } else {
                slices.append(PayloadSlice(prefix: PayloadPrefix(), range: 0..<bytes.count))
            }
        case .vp8:
            self.vp8.packetize(
                frame, maxPayload: maxPayload, isDiscardable: isDiscardable, isLayerSync: isLayerSync, into: &slices)
        case .h264: bytes = self.h264.packetize(bytes, maxPayload: maxPayload, into: &slices)
        }
        if slices.count > before { slices[slices.count - 1].isLast = true }
        return bytes
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What stands before the bytes of a VP8 frame in each packet (RFC 7741 §4.2).
///
///      0 1 2 3 4 5 6 7
///     |X|R|N|S|R| PID | required
///     |I|L|T|K| RSV   | with X
///     |M| PictureID   | with I, and one more byte with M
///     |   TL0PICIDX   | with L
///     |TID|Y| KEYIDX  | with T or K
struct VP8Descriptor: Hashable, Sendable {
    /// N: no other frame needs this one.
    var isDiscardable = false
    /// S: a partition of the frame begins here.
    var isPartitionStart = false
    /// PID: which partition.
    var partition: UInt8 = 0
    var pictureID: PictureID?
    var baseLayerIndex: UInt8?
    var temporalLayer: UInt8?
    var isLayerSync = false
    var keyFrameIndex: UInt8?

    init() {}

    /// Reads a descriptor, and leaves `reader` at the first byte of the frame's own.
    init(from reader: inout ByteReader) throws(PayloadError) {
        guard let first = reader.readUInt8() else { throw .truncated }
        self.isDiscardable = first & 0x20 != 0
        self.isPartitionStart = first & 0x10 != 0
        self.partition = first & 0x07
        guard first & 0x80 != 0 else { return }
        guard let present = reader.readUInt8() else { throw .truncated }
        if present & 0x80 != 0 {
            guard let byte = reader.readUInt8() else { throw .truncated }
            if byte & 0x80 != 0 {
                guard let low = reader.readUInt8() else { throw .truncated }
                self.pictureID = PictureID(UInt16(byte & 0x7F) << 8 | UInt16(low))
            } else {
                self.pictureID = PictureID(UInt16(byte), isLong: false)
            }
        }
        if present & 0x40 != 0 {
            guard let index = reader.readUInt8() else { throw .truncated }
            self.baseLayerIndex = index
        }
        if present & 0x30 != 0 {
            guard let byte = reader.readUInt8() else { throw .truncated }
            if present & 0x20 != 0 {
                self.temporalLayer = byte >> 6
                self.isLayerSync = byte & 0x20 != 0
            }
            if present & 0x10 != 0 { self.keyFrameIndex = byte & 0x1F }
        }
    }

    /// The descriptor as it is sent, the shortest that says everything.
    var prefix: PayloadPrefix {
        var prefix = PayloadPrefix()
        let hasLayer = self.temporalLayer != nil
        let hasKeyIndex = self.keyFrameIndex != nil
        var present: UInt8 = self.pictureID == nil ? 0 : 0x80
        present |= self.baseLayerIndex == nil ? 0 : 0x40
        present |= hasLayer ? 0x20 : 0
        present |= hasKeyIndex ? 0x10 : 0
        prefix.append(
            (present == 0 ? 0 : 0x80) | (self.isDiscardable ? 0x20 : 0) | (self.isPartitionStart ? 0x10 : 0)
                | self.partition & 0x07)
        guard present != 0 else { return prefix }
        prefix.append(present)
        if let id = self.pictureID {
            if id.isLong { prefix.append(0x80 | UInt8(truncatingIfNeeded: id.value >> 8)) }
            prefix.append(UInt8(truncatingIfNeeded: id.value))
        }
        if let index = self.baseLayerIndex { prefix.append(index) }
        if hasLayer || hasKeyIndex {
            let layer = (self.temporalLayer ?? 0) & 3
            prefix.append(layer << 6 | (hasLayer && self.isLayerSync ? 0x20 : 0) | (self.keyFrameIndex ?? 0) & 0x1F)
        }
        return prefix
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Reads VP8 payloads (RFC 7741).
enum VP8Depacketizer {
    static func inspect(_ payload: RawSpan) throws(PayloadError) -> PayloadInfo {
        var reader = ByteReader(payload)
        let descriptor = try VP8Descriptor(from: &reader)
        guard reader.remaining > 0 else { throw .truncated }
        var info = PayloadInfo()
        info.isFrameStart = descriptor.isPartitionStart && descriptor.partition == 0
        info.mayStartFrame = info.isFrameStart
        info.isDiscardable = descriptor.isDiscardable
        info.pictureID = descriptor.pictureID
        info.baseLayerIndex = descriptor.baseLayerIndex
        info.temporalLayer = descriptor.temporalLayer
        info.isLayerSync = descriptor.isLayerSync
        info.keyFrameIndex = descriptor.keyFrameIndex
        if info.isFrameStart {
            let header = try VP8FrameHeader(reader.readRemaining())
            info.isKeyFrame = header.isKeyFrame
            info.size = header.size
        }
        return info
    }

    static func append(_ payload: RawSpan, to frame: inout [UInt8]) {
        var reader = ByteReader(payload)
        guard (try? VP8Descriptor(from: &reader)) != nil else { return }
        frame.append(reader.readRemaining())
    }

    static func summary(of frame: RawSpan, limits: PictureLimits) throws(PayloadError) -> FrameSummary {
        let header = try VP8FrameHeader(frame)
        if header.isKeyFrame {
            guard let size = header.size else { throw .truncated }
            guard limits.allow(size) else { throw .pictureTooLarge }
        }
        return FrameSummary(isKeyFrame: header.isKeyFrame, size: header.size)
    }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// PLI: pictures are lost, decoding waits for a key frame (RFC 4585 §6.3.1).
package struct PictureLossIndication: Hashable, Sendable {
    static let format: UInt8 = 1

    package var sender: SSRC
    package var media: SSRC

    package init(sender: SSRC, media: SSRC) {
        self.sender = sender
        self.media = media
    }

    init?(_ body: RawSpan) {
        guard let sender = body.uint32(at: 0), let media = body.uint32(at: 4) else { return nil }
        self.init(sender: SSRC(sender), media: SSRC(media))
    }

    /// Writes the packet.
    package func write(into writer: inout ByteWriter) {
        RTCPHeader.write(.payloadFeedback, count: Int(Self.format), into: &writer) { writer in
            writer.write(self.sender.rawValue)
            writer.write(self.media.rawValue)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// BYE: these sources send no more (RFC 3550 §6.6).
package struct Goodbye: Hashable, Sendable {
    /// At most 31.
    package var sources: [SSRC]
    /// UTF-8, at most 255 bytes; empty when there is none.
    package var reason: [UInt8]

    package init(sources: [SSRC], reason: [UInt8] = []) {
        self.sources = sources
        self.reason = reason
    }

    init?(_ body: RawSpan, count: Int) {
        var reader = ByteReader(body)
        guard reader.remaining >= count &* 4 else { return nil }
        var sources: [SSRC] = []
        for _ in 0..<count {
            guard let ssrc = reader.readUInt32() else { return nil }
            sources.append(SSRC(ssrc))
        }
        var reason: [UInt8] = []
        if let length = reader.readUInt8() {
            guard let text = reader.readBytes(Int(length)) else { return nil }
            reason = text.array
        }
        self.init(sources: sources, reason: reason)
    }

    /// Writes the packet, with at most 31 sources.
    package func write(into writer: inout ByteWriter) {
        let sources = self.sources.prefix(31)
        let reason = self.reason.count > 255 ? Array(self.reason.prefix(255)) : self.reason
        RTCPHeader.write(.goodbye, count: sources.count, into: &writer) { writer in
            for source in sources { writer.write(source.rawValue) }
            guard !reason.isEmpty else { return }
            writer.write(UInt8(truncatingIfNeeded: reason.count))
            writer.write(reason)
            writer.writeZeros((4 &- (reason.count &+ 1) & 3) & 3)
        }
    }
}

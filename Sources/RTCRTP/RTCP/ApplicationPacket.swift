// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// APP: what an application means by it (RFC 3550 §6.7).
package struct ApplicationPacket: Hashable, Sendable {
    /// 0 to 31.
    package var subtype: UInt8
    package var ssrc: SSRC
    /// Four ASCII characters, the first in the highest byte.
    package var name: UInt32
    /// Whole 32-bit words.
    package var data: [UInt8]

    package init(subtype: UInt8, ssrc: SSRC, name: UInt32, data: [UInt8]) {
        self.subtype = subtype & 0x1F
        self.ssrc = ssrc
        self.name = name
        self.data = data
    }

    init?(_ body: RawSpan, subtype: UInt8) {
        var reader = ByteReader(body)
        guard let ssrc = reader.readUInt32(), let name = reader.readUInt32(),
            let data = reader.readBytes(reader.remaining & ~3)
        else { return nil }
        self.init(subtype: subtype, ssrc: SSRC(ssrc), name: name, data: data.array)
    }

    /// Writes the packet; data that is not whole words is filled up with zeros.
    package func write(into writer: inout ByteWriter) {
        RTCPHeader.write(.application, count: Int(self.subtype), into: &writer) { writer in
            writer.write(self.ssrc.rawValue)
            writer.write(self.name)
            writer.write(self.data)
            writer.writeZeros((4 &- self.data.count & 3) & 3)
        }
    }
}

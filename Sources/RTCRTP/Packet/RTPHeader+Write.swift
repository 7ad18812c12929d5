// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension RTPHeader {
    /// The most contributing sources that a packet can name.
    package static let maxContributingSources = 15

    /// Writes the header with `contributingSources`, of which the first 15 are taken, and those of `extensions` that
    /// `map` has an identifier for; the payload comes after it.
    ///
    /// Extensions are in the one-byte form unless an identifier or a value needs the two-byte one (RFC 8285 §4).
    package func write(
        into writer: inout ByteWriter, contributingSources: [UInt32] = [],
        extensions: borrowing HeaderExtensionValues = HeaderExtensionValues(),
        map: borrowing HeaderExtensionMap = HeaderExtensionMap()
    ) {
        let sources = min(contributingSources.count, Self.maxContributingSources)
        let size = extensions.size(with: map)
        let flags = 0x80 | (size.form == nil ? 0 : 0x10) | UInt8(truncatingIfNeeded: sources)
        writer.write(flags)
        writer.write((self.marker ? 0x80 : 0) | self.payloadType.rawValue)
        writer.write(self.sequenceNumber)
        writer.write(self.timestamp)
        writer.write(self.ssrc.rawValue)
        for index in 0..<sources { writer.write(contributingSources[index]) }
        guard let form = size.form else { return }
        writer.write(form.profile)
        writer.write(UInt16(truncatingIfNeeded: size.padded / 4))
        extensions.writeElements(into: &writer, with: map, form: form)
        writer.writeZeros(size.padded &- size.unpadded)
    }

    /// The bytes that ``write(into:contributingSources:extensions:map:)`` writes.
    package static func size(
        contributingSources: Int = 0, extensions: borrowing HeaderExtensionValues, map: borrowing HeaderExtensionMap
    ) -> Int {
        let size = extensions.size(with: map)
        return self.fixedSize + 4 * min(contributingSources, self.maxContributingSources)
            + (size.form == nil ? 0 : 4 + size.padded)
    }
}

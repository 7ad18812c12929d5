// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// The payload of a retransmission: the number of the original packet, then its payload (RFC 4588 §4).
package enum RTXPayload {
    /// The bytes before the original payload.
    package static let headerSize = 2

    /// The original sequence number and payload of a retransmission with `header`; `nil` when there is none, as in the
    /// padding that some peers send on such a stream to probe for bandwidth.
    package static func original(
        _ header: RTPHeader, in packet: RawSpan
    ) -> (sequenceNumber: UInt16, payload: Range<Int>)? {
        let start = header.payloadRange.lowerBound
        guard header.payloadRange.count >= self.headerSize, let number = packet.uint16(at: start) else { return nil }
        return (number, (start &+ self.headerSize)..<header.payloadRange.upperBound)
    }

    /// Writes what stands before the original payload.
    package static func write(originalSequence: UInt16, into writer: inout ByteWriter) {
        writer.write(originalSequence)
    }
}

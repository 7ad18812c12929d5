// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
package import RTCWire

/// Writes one STUN message, attribute by attribute, at the end of a writer.
///
/// Call `init`, then any of the `add` methods, then `addIntegrity`, `addFingerprint` and `finish`, in this order,
/// each with the same writer. The writer's `hasOverflowed` tells whether all of it fitted.
package struct STUNBuilder {
    private let start: Int
    private let transactionID: STUNTransactionID

    /// Writes the header.
    package init(_ type: STUNMessageType, _ transactionID: STUNTransactionID, into writer: inout ByteWriter) {
        self.start = writer.count
        self.transactionID = transactionID
        writer.write(type.wire)
        writer.write(UInt16(0))
        writer.write(STUNMessage.magicCookie)
        writer.write(transactionID.high)
        writer.write(transactionID.low)
    }

    /// Adds an attribute with the bytes of `value` and zeros as padding.
    package func add(_ type: STUNAttributeType, _ value: RawSpan, to writer: inout ByteWriter) {
        self.addHeader(type, size: value.byteCount, to: &writer)
        writer.write(value)
        writer.writeZeros((4 &- value.byteCount & 3) & 3)
    }

    /// Adds an attribute without a value, such as USE-CANDIDATE.
    package func add(_ type: STUNAttributeType, to writer: inout ByteWriter) {
        self.addHeader(type, size: 0, to: &writer)
    }

    /// Adds an attribute of 32 bits, such as PRIORITY.
    package func add(_ type: STUNAttributeType, _ value: UInt32, to writer: inout ByteWriter) {
        self.addHeader(type, size: 4, to: &writer)
        writer.write(value)
    }

    /// Adds an attribute of 64 bits, such as ICE-CONTROLLING.
    package func add(_ type: STUNAttributeType, _ value: UInt64, to writer: inout ByteWriter) {
        self.addHeader(type, size: 8, to: &writer)
        writer.write(value)
    }

    /// Adds an address combined with the magic cookie, such as XOR-MAPPED-ADDRESS.
    package func add(
        _ type: STUNAttributeType, xor address: TransportAddress, to writer: inout ByteWriter
    ) {
        self.addHeader(type, size: 4 &+ address.ip.byteCount, to: &writer)
        STUNAddress.write(address, mask: self.transactionID, into: &writer)
    }

    /// Adds ERROR-CODE, without a reason phrase so that responses stay small.
    package func add(_ code: STUNErrorCode, to writer: inout ByteWriter) {
        self.add(.errorCode, code.wire, to: &writer)
    }

    /// Adds UNKNOWN-ATTRIBUTES.
    package func add(unknown types: [STUNAttributeType], to writer: inout ByteWriter) {
        let size = types.count &* 2
        self.addHeader(.unknownAttributes, size: size, to: &writer)
        for type in types { writer.write(type.rawValue) }
        writer.writeZeros((4 &- size & 3) & 3)
    }

    /// Adds MESSAGE-INTEGRITY made with `key`.
    package func addIntegrity(key: [UInt8], to writer: inout ByteWriter) {
        guard !writer.hasOverflowed else { return }
        let code = self.integrity(of: writer, key: key)
        self.add(.messageIntegrity, code.span.bytes, to: &writer)
    }

    /// Adds FINGERPRINT.
    package func addFingerprint(to writer: inout ByteWriter) {
        // The CRC covers a header whose length includes FINGERPRINT already (RFC 8489 §14.7).
        self.setLength(adding: 8, in: &writer)
        guard !writer.hasOverflowed else { return }
        let checksum = self.checksum(of: writer)
        self.add(.fingerprint, checksum ^ STUNMessage.fingerprintMask, to: &writer)
    }

    /// Completes the header; no attribute may follow.
    package func finish(_ writer: inout ByteWriter) { self.setLength(adding: 0, in: &writer) }

    private func integrity(of writer: borrowing ByteWriter, key: [UInt8]) -> [UInt8] {
        let covered = writer.bytes.extracting(droppingFirst: self.start)
        return STUNIntegrity.code(hash: .sha1, key: key, covered: covered, valueSize: 20)
    }

    private func checksum(of writer: borrowing ByteWriter) -> UInt32 {
        crc32(writer.bytes.extracting(droppingFirst: self.start))
    }

    private func addHeader(_ type: STUNAttributeType, size: Int, to writer: inout ByteWriter) {
        writer.write(type.rawValue)
        writer.write(UInt16(truncatingIfNeeded: size))
    }

    private func setLength(adding more: Int, in writer: inout ByteWriter) {
        let length = writer.count &- self.start &- STUNMessage.headerSize &+ more
        writer.setUInt16(UInt16(truncatingIfNeeded: length), at: self.start &+ 2)
    }
}

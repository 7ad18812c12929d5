// SPDX-License-Identifier: Apache-2.0

private import CRTCWire

/// The CRC-32 of ITU-T V.42, as STUN's FINGERPRINT uses it (RFC 8489 §14.7).
package func crc32(_ bytes: RawSpan) -> UInt32 {
    bytes.withUnsafeBytes { ~crtc_crc32(~0, $0.baseAddress, $0.count) }
}

/// The CRC-32C (Castagnoli) that protects SCTP packets (RFC 9260 Appendix A).
///
/// The value is as computed; SCTP sends it with its least significant byte first.
/// `skippingChecksumAt` is the offset of four bytes that count as zero, wherever they stand in `bytes`.
package func crc32c(_ bytes: RawSpan, skippingChecksumAt offset: Int? = nil) -> UInt32 {
    bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        guard let offset, offset >= 0, offset + 4 <= buffer.count else {
            return ~crtc_crc32c(~0, base, buffer.count)
        }
        var crc = crtc_crc32c(~0, base, offset)
        var zero: UInt32 = 0
        crc = crtc_crc32c(crc, &zero, 4)
        return ~crtc_crc32c(crc, base + offset + 4, buffer.count - offset - 4)
    }
}

// SPDX-License-Identifier: Apache-2.0
#ifndef CRTCWIRE_H
#define CRTCWIRE_H

#include <stddef.h>
#include <stdint.h>

/// Continues a CRC-32C (Castagnoli, RFC 9260 Appendix A) over `count` bytes; start and end with ~crc.
/// Uses the processor's instruction where it has one.
uint32_t crtc_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Continues a CRC-32 (ITU-T V.42) over `count` bytes; start and end with ~crc.
uint32_t crtc_crc32(uint32_t crc, const void *bytes, size_t count);

#endif

// SPDX-License-Identifier: Apache-2.0
#include "CRTCWire.h"

#include <pthread.h>
#include <string.h>

// Slicing by eight: eight tables, so that eight bytes cost eight independent look-ups.
struct crc_tables {
    uint32_t entry[8][256];
};

static struct crc_tables castagnoli, ethernet;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill(struct crc_tables *tables, uint32_t polynomial) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) ? polynomial : 0);
        tables->entry[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int k = 1; k < 8; k++)
            tables->entry[k][i] = (tables->entry[k - 1][i] >> 8) ^ tables->entry[0][tables->entry[k - 1][i] & 0xff];
}

static void fill_all(void) {
    fill(&castagnoli, 0x82f63b78u);
    fill(&ethernet, 0xedb88320u);
}

static uint32_t load_le32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t by_table(const struct crc_tables *t, uint32_t crc, const uint8_t *p, size_t n) {
    for (; n >= 8; p += 8, n -= 8) {
        uint32_t low = load_le32(p) ^ crc, high = load_le32(p + 4);
        crc = t->entry[7][low & 0xff] ^ t->entry[6][(low >> 8) & 0xff] ^ t->entry[5][(low >> 16) & 0xff]
            ^ t->entry[4][low >> 24] ^ t->entry[3][high & 0xff] ^ t->entry[2][(high >> 8) & 0xff]
            ^ t->entry[1][(high >> 16) & 0xff] ^ t->entry[0][high >> 24];
    }
    for (; n > 0; p++, n--) crc = (crc >> 8) ^ t->entry[0][(crc ^ *p) & 0xff];
    return crc;
}

uint32_t crtc_crc32(uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&once, fill_all);
    return by_table(&ethernet, crc, bytes, count);
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t by_instruction(uint32_t crc, const uint8_t *p, size_t n) {
    uint64_t wide = crc;
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    crc = (uint32_t)wide;
    for (; n > 0; p++, n--) crc = _mm_crc32_u8(crc, *p);
    return crc;
}

uint32_t crtc_crc32c(uint32_t crc, const void *bytes, size_t count) {
    if (__builtin_cpu_supports("sse4.2")) return by_instruction(crc, bytes, count);
    pthread_once(&once, fill_all);
    return by_table(&castagnoli, crc, bytes, count);
}
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>

uint32_t crtc_crc32c(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    for (; count >= 8; p += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        crc = __crc32cd(crc, word);
    }
    for (; count > 0; p++, count--) crc = __crc32cb(crc, *p);
    return crc;
}
#else
uint32_t crtc_crc32c(uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&once, fill_all);
    return by_table(&castagnoli, crc, bytes, count);
}
#endif

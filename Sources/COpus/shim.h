// SPDX-License-Identifier: Apache-2.0
#ifndef COPUS_SHIM_H
#define COPUS_SHIM_H

#if __has_include(<opus.h>)
#include <opus.h>
#else // without pkg-config
#include <opus/opus.h>
#endif

/// opus_encoder_ctl with a request that sets an integer; Swift does not import variadic functions.
static inline int copus_encoder_set(OpusEncoder *encoder, int request, opus_int32 value) {
    return opus_encoder_ctl(encoder, request, value);
}

/// opus_encoder_ctl with a request that reads an integer.
static inline int copus_encoder_get(OpusEncoder *encoder, int request, opus_int32 *value) {
    return opus_encoder_ctl(encoder, request, value);
}

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef CVPX_SHIM_H
#define CVPX_SHIM_H

#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

/// vpx_codec_enc_init, which is a macro that Swift does not import.
static inline vpx_codec_err_t cvpx_encoder_init(
    vpx_codec_ctx_t *context, vpx_codec_iface_t *interface, const vpx_codec_enc_cfg_t *configuration) {
    return vpx_codec_enc_init(context, interface, configuration, 0);
}

/// vpx_codec_dec_init, which is a macro that Swift does not import.
static inline vpx_codec_err_t cvpx_decoder_init(
    vpx_codec_ctx_t *context, vpx_codec_iface_t *interface, const vpx_codec_dec_cfg_t *configuration) {
    return vpx_codec_dec_init(context, interface, configuration, 0);
}

/// vpx_codec_control_ with an integer; Swift does not import variadic functions.
static inline vpx_codec_err_t cvpx_set(vpx_codec_ctx_t *context, int control, int value) {
    return vpx_codec_control_(context, control, value);
}

/// vpx_codec_control_ that reads an integer.
static inline vpx_codec_err_t cvpx_get(vpx_codec_ctx_t *context, int control, int *value) {
    return vpx_codec_control_(context, control, value);
}

#endif

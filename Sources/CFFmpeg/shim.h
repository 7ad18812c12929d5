// SPDX-License-Identifier: Apache-2.0
#ifndef CFFMPEG_SHIM_H
#define CFFMPEG_SHIM_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavutil/error.h>
#include <libavutil/pixdesc.h>

/// What avcodec_receive_frame returns when it wants more input first; a macro that Swift does not import.
static inline int cffmpeg_error_again(void) { return AVERROR(EAGAIN); }

#endif

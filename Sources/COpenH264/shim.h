// SPDX-License-Identifier: Apache-2.0
#ifndef COPENH264_SHIM_H
#define COPENH264_SHIM_H

#include <wels/codec_api.h>

#endif

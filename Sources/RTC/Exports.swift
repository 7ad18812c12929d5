// SPDX-License-Identifier: Apache-2.0

// Frames and codecs are part of the public API: one `import RTC` is all that a program needs.
@_exported public import RTCMedia

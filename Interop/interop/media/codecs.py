# SPDX-License-Identifier: Apache-2.0
"""Encoders and decoders for a peer that has none, made of FFmpeg."""

from __future__ import annotations

import fractions
from collections.abc import Iterator

import av
import numpy as np
from av.video.frame import PictureType

from . import pattern

AUDIO_SECONDS = 0.02
# How FFmpeg calls them: encoder, decoder, sample rate.
AUDIO = {"opus": ("libopus", "libopus", 48000), "G722": ("g722", "g722", 16000), "PCMU": ("pcm_mulaw", "pcm_mulaw", 8000)}
VIDEO = {
    "VP8": ("libvpx", "vp8", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "error-resilient": "1"}),
    "H264": ("libx264", "h264", {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "level": "31"}),
}


class VideoEncoder:
    def __init__(self, codec: str) -> None:
        name, _, options = VIDEO[codec]
        self.context = av.CodecContext.create(name, "w")
        self.context.width, self.context.height = pattern.WIDTH, pattern.HEIGHT
        self.context.pix_fmt = "yuv420p"
        self.context.bit_rate = 500_000
        self.context.gop_size = 1000  # key frames come when they are asked for
        self.context.time_base = fractions.Fraction(1, pattern.FRAMES_PER_SECOND)
        self.context.framerate = fractions.Fraction(pattern.FRAMES_PER_SECOND)
        self.context.options = options
        self.context.thread_count = 1
        self.count = 0
        self.wants_key_frame = True

    def encode(self, planes: np.ndarray) -> bytes:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(planes), "yuv420p")
        frame.pts, frame.time_base = self.count, self.context.time_base
        if self.wants_key_frame:
            frame.pict_type = PictureType.I
        self.wants_key_frame = False
        self.count += 1
        return b"".join(bytes(packet) for packet in self.context.encode(frame))


class AudioEncoder:
    def __init__(self, codec: str) -> None:
        name, _, self.rate = AUDIO[codec]
        self.context = av.CodecContext.create(name, "w")
        self.context.sample_rate = self.rate
        self.context.layout = "mono"
        self.context.format = "s16"
        if codec == "opus":
            self.context.bit_rate = 48_000
        self.samples = int(self.rate * AUDIO_SECONDS)
        self.count = 0

    def encode(self, samples: np.ndarray) -> list[bytes]:
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "s16", "mono")
        frame.sample_rate = self.rate
        frame.pts, frame.time_base = self.count, fractions.Fraction(1, self.rate)
        self.count += len(samples)
        return [bytes(packet) for packet in self.context.encode(frame)]


class VideoDecoder:
    def __init__(self, codec: str) -> None:
        self.context = av.CodecContext.create(VIDEO[codec][1], "r")
        self.context.thread_count = 1

    def decode(self, data: bytes) -> Iterator[np.ndarray]:
        """The luma of each picture. Data before the first key frame, or damaged, gives none."""
        try:
            frames = self.context.decode(av.Packet(data))
        except av.FFmpegError:
            return
        for frame in frames:
            yield frame.to_ndarray(format="yuv420p")[: frame.height]


class AudioDecoder:
    def __init__(self, codec: str) -> None:
        _, name, self.rate = AUDIO[codec]
        self.context = av.CodecContext.create(name, "r")
        self.context.sample_rate = self.rate
        self.context.layout = "mono"

    def decode(self, data: bytes) -> Iterator[np.ndarray]:
        for frame in self.context.decode(av.Packet(data)):
            samples = frame.to_ndarray()
            channels = len(frame.layout.channels)
            first = samples[0] if frame.format.is_planar else samples.reshape(-1, channels)[:, 0]
            yield first / 32768 if samples.dtype == np.int16 else first

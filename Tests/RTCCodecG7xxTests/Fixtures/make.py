#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the other files here with FFmpeg's codecs: python3 make.py"""

import math
import pathlib
import random
import struct
import subprocess

HERE = pathlib.Path(__file__).parent


def ffmpeg(source: bytes, *arguments: str) -> bytes:
    command = ["ffmpeg", "-v", "error", *arguments, "pipe:1"]
    return subprocess.run(command, input=source, stdout=subprocess.PIPE, check=True).stdout


def pcm(samples: list[int]) -> bytes:
    return struct.pack(f"<{len(samples)}h", *samples)


def signal() -> list[int]:
    """At 16 kHz: a sweep, noise, an overloaded square wave, a click in silence."""
    chance = random.Random(722)
    sweep = [int(20_000 * math.sin(2 * math.pi * (60 + 3.9 * i / 2) * i / 16_000)) for i in range(4_000)]
    noise = [int(chance.gauss(0, 6_000)) for _ in range(1_500)]
    square = [32_767 if i // 23 % 2 else -32_768 for i in range(1_000)]
    click = [0] * 600 + [32_767] + [0] * 600 + [chance.randint(-2, 2) for _ in range(300)]
    return [max(-32_768, min(32_767, sample)) for sample in sweep + noise + square + click][:8_000]


def main() -> None:
    source = pcm(signal())
    (HERE / "signal.s16").write_bytes(source)
    mono16 = ["-f", "s16le", "-ar", "16000", "-ac", "1", "-i", "pipe:0"]
    encoded = ffmpeg(source, *mono16, "-c:a", "g722", "-trellis", "0", "-f", "g722")
    (HERE / "signal.g722").write_bytes(encoded)
    decode = ["-f", "g722", "-i", "pipe:0", "-f", "s16le", "-c:a", "pcm_s16le"]
    (HERE / "signal.g722.s16").write_bytes(ffmpeg(encoded, *decode))
    noise = random.Random(1).randbytes(4_000)
    (HERE / "noise.g722").write_bytes(noise)
    (HERE / "noise.g722.s16").write_bytes(ffmpeg(noise, *decode))
    # Every number of 14 bits, and every code.
    steps = pcm(list(range(-32_768, 32_768, 4)))
    mono8 = ["-f", "s16le", "-ar", "8000", "-ac", "1", "-i", "pipe:0"]
    codes = bytes(range(256))
    for name in ("mulaw", "alaw"):
        law = ["-f", name, "-c:a", f"pcm_{name}"]
        (HERE / f"steps.{name}").write_bytes(ffmpeg(steps, *mono8, *law))
        read = ["-f", name, "-ar", "8000", "-ac", "1", "-i", "pipe:0", "-f", "s16le", "-c:a", "pcm_s16le"]
        (HERE / f"codes.{name}.s16").write_bytes(ffmpeg(codes, *read))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Calls in one direction between two peers of this process: what is sent, and how late and how dear it is.

    video CODEC WIDTH HEIGHT SECONDS | audio SECONDS | callmemory SECONDS
"""

from __future__ import annotations

import asyncio
import importlib
import time
from typing import Any

import numpy as np
from interop.media import pattern

from .usage import cpu_seconds, percentile, resident_bytes

MODULES = {"libwebrtc": "bench.libwebrtc_calls", "aiortc": "bench.aiortc_calls"}
WARM_UP = 3.0
FRAMES_PER_SECOND = 30
RATE = 48000
# Sound is loud for 60 ms every half second.
PERIOD = RATE // 2
BURST = RATE * 60 // 1000
LOUD = 3276


class Latencies:
    """When something was given to the sender, by its number, and how long it took to the receiver."""

    def __init__(self) -> None:
        self.given: dict[int, float] = {}
        self.times: list[float] = []
        self.seen = 0

    def give(self, number: int) -> None:
        self.given[number] = time.monotonic()

    def receive(self, number: int | None) -> None:
        """Counts only the first time; None is something that could not be read."""
        self.seen += 1
        given = None if number is None else self.given.pop(number, None)
        if given is not None:
            self.times.append((time.monotonic() - given) * 1e3)

    def reset(self) -> None:
        self.times, self.seen = [], 0


class Picture:
    """Pictures that carry a number."""

    kind = "video"

    def __init__(self, codec: str, width: int, height: int) -> None:
        self.codec = codec
        self.width = width
        self.height = height
        self.counter = 0
        self.lines = 0
        self.latencies = Latencies()

    def make(self) -> bytes:
        """The planes of the next picture."""
        self.counter = (self.counter + 1) & 0xFFFF
        planes = pattern.i420(self.counter, self.width, self.height)
        self.latencies.give(self.counter)
        return planes

    def receive(self, luma: np.ndarray) -> None:
        reading = pattern.read(luma)
        self.lines = luma.shape[0]
        self.latencies.receive(reading.counter if reading.kind == "counter" else None)


class Sound:
    """A soft tone with loud bursts."""

    kind = "audio"
    codec = "opus"

    def __init__(self) -> None:
        self.sent = 0
        self.was_loud = False
        self.latencies = Latencies()
        self.wave = np.sin(2 * np.pi * np.arange(960) / 48)

    def make(self, count: int) -> np.ndarray:
        """The next samples of one channel, as signed 16 bits; at most 960, a divisor of the burst."""
        position = self.sent % PERIOD
        if position == 0:
            self.latencies.give(self.sent // PERIOD)
        self.sent += count
        return ((8000 if position < BURST else 100) * self.wave[:count]).astype(np.int16)

    def receive(self, samples: np.ndarray) -> None:
        is_loud = bool(samples.max() > LOUD)
        begins = is_loud and not self.was_loud
        self.latencies.receive(max(self.latencies.given, default=None) if begins else None)
        self.was_loud = is_loud


async def _measured(peer: Any, source: Any, seconds: float) -> dict[str, float]:
    call = await peer.connect([source])
    await asyncio.sleep(WARM_UP)
    latencies = source.latencies
    latencies.reset()
    began, cpu = time.monotonic(), cpu_seconds()
    await asyncio.sleep(seconds)
    elapsed, cpu = time.monotonic() - began, cpu_seconds() - cpu
    times, seen = latencies.times, latencies.seen
    await call.close()
    if not times:
        raise RuntimeError(f"nothing that was sent arrived ({seen} frames did)")
    return {
        "p50_ms": percentile(times, 50),
        "p95_ms": percentile(times, 95),
        "frames_per_s": seen / elapsed,
        "cpu": cpu / elapsed,
    }


async def video(peer: Any, codec: str, width: str, height: str, seconds: str) -> dict[str, float]:
    source = Picture(codec, int(width), int(height))
    figures = await _measured(peer, source, float(seconds))
    return figures | {"lines": source.lines}


async def audio(peer: Any, seconds: str) -> dict[str, float]:
    return await _measured(peer, Sound(), float(seconds))


async def callmemory(peer: Any, seconds: str) -> dict[str, float]:
    """The memory of the process after a fifth of the time and at its end, while sound and pictures flow."""
    sources = [Sound(), Picture("VP8", 640, 480)]
    call = await peer.connect(sources)
    await asyncio.sleep(float(seconds) / 5)
    early, seen = resident_bytes(), [source.latencies.seen for source in sources]
    await asyncio.sleep(float(seconds) * 4 / 5)
    late = resident_bytes()
    if any(source.latencies.seen <= before for source, before in zip(sources, seen, strict=True)):
        raise RuntimeError("sound or pictures stopped")
    await call.close()
    return {"early_mib": early / 2**20, "late_mib": late / 2**20}


BENCHES = {"video": video, "audio": audio, "callmemory": callmemory}


async def run(name: str, bench: str, *arguments: str) -> dict[str, float]:
    return await BENCHES[bench](importlib.import_module(MODULES[name]), *arguments)

# SPDX-License-Identifier: Apache-2.0
"""What the peers in Python send, and how they look at what they receive."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from . import pattern
from .meter import Seen

SOUND_SECONDS = 0.1


class Picture:
    """The next pictures to send, each with its time."""

    def __init__(self, start: int) -> None:
        self.counter = start
        self.painted: dict[int, float] = {}
        self.enabled = True

    def next(self) -> np.ndarray:
        """The planes of the next picture, in rows of its width."""
        counter, self.counter = self.counter, (self.counter + 1) & 0xFFFF
        self.painted[counter] = time.monotonic()
        planes = np.frombuffer(pattern.i420(counter), np.uint8).reshape(-1, pattern.WIDTH)
        if not self.enabled:
            planes = planes.copy()
            planes[: pattern.HEIGHT] = pattern.BLACK
        return planes


class Tone:
    """The next samples to send."""

    def __init__(self, hertz: int, rate: int = 48000) -> None:
        self.hertz = hertz
        self.rate = rate
        self.sent = 0
        self.enabled = True

    def next(self, count: int) -> np.ndarray:
        samples = pattern.tone(self.hertz, self.rate, self.sent, count)
        self.sent += count
        return samples if self.enabled else np.zeros_like(samples)


class Eye:
    """Reads the pictures that come."""

    def __init__(self, painted: Callable[[int], float | None]) -> None:
        self.painted = painted
        self.found: list[Seen] = []

    def look(self, luma: np.ndarray) -> None:
        reading = pattern.read(luma)
        height, width = luma.shape
        self.found.append(Seen(reading, time.monotonic(), self.painted(reading.counter), width, height))

    def take(self) -> list[Seen]:
        found, self.found = self.found, []
        return found


class Ear:
    """Keeps the newest sound that has come. Where none comes any more, there is silence."""

    def __init__(self) -> None:
        self.rate = 48000
        self.samples = np.zeros(0)
        self.at = 0.0

    def hear(self, samples: np.ndarray, rate: int) -> None:
        """Samples of one channel in -1…1."""
        self.rate = rate
        self.samples = np.concatenate([self.samples, samples])[-int(rate * SOUND_SECONDS) :]
        self.at = time.monotonic()

    def window(self) -> tuple[np.ndarray, int]:
        stale = time.monotonic() - self.at > 2 * SOUND_SECONDS
        return (np.zeros_like(self.samples) if stale else self.samples), self.rate

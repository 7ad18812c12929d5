# SPDX-License-Identifier: Apache-2.0
"""The picture that carries a number, and the tone: what a sender paints and a receiver reads back.

The picture is a grid of 8 columns and 4 rows, so it survives scaling and every codec. Column 0 is white and
column 7 black, which tells a mirrored picture; the six between hold 24 bits, row by row, white for 1: a
counter of 16 bits, most significant first, then 8 bits of check.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COLUMNS = 8
ROWS = 4
WHITE = 235
BLACK = 16
FRAMES_PER_SECOND = 20
WIDTH = 320
HEIGHT = 240
AMPLITUDE = 0.25  # of full scale, so a level of -12 dB
LEVEL = 20 * float(np.log10(AMPLITUDE))
DTMF_LOW = (697, 770, 852, 941)
DTMF_HIGH = (1209, 1336, 1477, 1633)
DTMF_KEYS = ("123A", "456B", "789C", "*0#D")


def check(counter: int) -> int:
    """The check of a counter: both bytes in it, and never the counter's own bits again."""
    return (((counter >> 8) * 3) ^ ((counter & 0xFF) * 5) ^ 0xA5) & 0xFF


def bits(counter: int) -> np.ndarray:
    """The picture of a counter as 4 x 8 booleans."""
    counter &= 0xFFFF
    word = counter << 8 | check(counter)
    code = np.array([word >> (23 - index) & 1 for index in range(24)], bool).reshape(ROWS, 6)
    grid = np.zeros((ROWS, COLUMNS), bool)
    grid[:, 0] = True
    grid[:, 1:7] = code
    return grid


def paint(counter: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """The luma plane of a counter's picture."""
    rows = np.arange(height) * ROWS // height
    columns = np.arange(width) * COLUMNS // width
    return np.where(bits(counter)[np.ix_(rows, columns)], WHITE, BLACK).astype(np.uint8)


def i420(counter: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """The three planes of a counter's picture, tightly packed; grey has no colour."""
    return paint(counter, width, height).tobytes() + b"\x80" * (2 * ((width + 1) // 2) * ((height + 1) // 2))


@dataclass(frozen=True)
class Reading:
    """One received picture."""

    kind: str  # "counter", "edges" (only their outlines are there), "black" or "unreadable"
    counter: int = -1
    mirrored: bool = False


def counter_of(grid: np.ndarray) -> int | None:
    """The counter of a grid of booleans, or None where the check does not hold."""
    word = 0
    for bit in grid[:, 1:7].reshape(-1):
        word = word << 1 | int(bit)
    counter = word >> 8
    return counter if word & 0xFF == check(counter) else None


def read(luma: np.ndarray) -> Reading:
    """What a picture shows, from its luma plane of any size."""
    height, width = luma.shape
    rows = (np.arange(ROWS) * 2 + 1) * height // (2 * ROWS)
    columns = (np.arange(COLUMNS) * 2 + 1) * width // (2 * COLUMNS)
    grid = luma[np.ix_(rows, columns)] > 125
    for mirrored in (False, True):
        seen = grid[:, ::-1] if mirrored else grid
        if seen[:, 0].all() and not seen[:, 7].any() and (counter := counter_of(seen)) is not None:
            return Reading("counter", counter, mirrored)
    # Outlines: a line between two cells says that they differ, and column 0 is known.
    if not grid.any() and luma.max() > 90:
        for mirrored in (False, True):
            seen = luma[:, ::-1] if mirrored else luma
            outlined = np.ones((ROWS, COLUMNS), bool)
            reach = max(2, width // 32)
            for row, y in enumerate(rows):
                for column in range(1, COLUMNS):
                    border = column * width // COLUMNS
                    line = seen[y, border - reach : border + reach].max() > 70
                    outlined[row, column] = outlined[row, column - 1] ^ line
            if not outlined[:, 7].any() and (counter := counter_of(outlined)) is not None:
                return Reading("edges", counter, mirrored)
    return Reading("black" if luma.max() < 70 else "unreadable")


def tone(hertz: float, rate: int, start: int, count: int) -> np.ndarray:
    """`count` samples of a tone from sample number `start` on, as signed 16 bits."""
    time = np.arange(start, start + count) / rate
    return (AMPLITUDE * 32767 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def spectrum(samples: np.ndarray, rate: int) -> tuple[np.ndarray, float]:
    """Amplitudes by frequency (1 = a sine of full scale), and the width of a bin in Hz."""
    window = np.hanning(len(samples))
    padded = 1 << (2 * len(samples) - 1).bit_length()
    values = np.abs(np.fft.rfft(samples * window, padded)) / (window.sum() / 2)
    return values, rate / padded


def loudest(samples: np.ndarray, rate: int) -> tuple[float, float]:
    """The frequency of the loudest tone in Hz and its level in dB below a sine of full scale; samples in -1…1."""
    if len(samples) < rate // 50:
        return 0.0, -120.0
    values, width = spectrum(samples, rate)
    values[: int(60 / width)] = 0
    peak = int(values.argmax())
    if values[peak] < 1e-5:
        return 0.0, -120.0
    return peak * width, 20 * float(np.log10(values[peak]))


def dtmf(samples: np.ndarray, rate: int) -> str | None:
    """The key whose two tones are in the samples, or None."""
    values, width = spectrum(samples, rate)

    def strongest(frequencies: tuple[int, ...]) -> tuple[int, float]:
        found = [values[int(f * 0.985 / width) : int(f * 1.015 / width) + 2].max() for f in frequencies]
        return int(np.argmax(found)), float(max(found))

    low, low_level = strongest(DTMF_LOW)
    high, high_level = strongest(DTMF_HIGH)
    if min(low_level, high_level) < 0.02:
        return None
    return DTMF_KEYS[low][high]

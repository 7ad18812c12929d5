# SPDX-License-Identifier: Apache-2.0
"""Judges what a peer receives: pictures in order and in time, a tone at its frequency and level."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

import numpy as np

from . import pattern

SERVER_START = 0x8000  # counters from here on are the server's own
SERVER_HERTZ = 440
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Seen:
    """A received picture: when it came, and when the peer itself had painted that counter (seconds)."""

    reading: pattern.Reading
    at: float
    painted: float | None
    width: int
    height: int


class Receiving(Protocol):
    """The part of a connection that the meters read; `notes` is what a time-out is explained with."""

    notes: dict[str, str]

    async def seen(self, index: int) -> list[Seen]:
        """The pictures of a section since the last call."""

    async def window(self, index: int) -> tuple[np.ndarray, int]:
        """The newest tenth of a second, about, of a section's sound in -1…1, and its rate."""


def fail(text: str) -> None:
    raise AssertionError(text)


async def pictures(
    connection: Receiving, index: int, kind: str = "counter", mirrored: bool = False,
    low: int = 0, high: int = SERVER_START, count: int = 12,
) -> dict[str, Any]:  # fmt: skip
    """Waits for `count` pictures of a kind in a row whose counters are within bounds and rise.

    What is there before the first one that fits belongs to an earlier state of the case, or to a codec's start.
    """
    kept: list[Seen] = []
    others: dict[str, int] = {}
    where = f"video of section {index}"
    while len(kept) < count:
        for seen in await connection.seen(index):
            reading = seen.reading
            fits = reading.kind == kind and reading.mirrored == mirrored and low <= reading.counter < high
            if not fits:
                name = f"{'mirrored ' if reading.mirrored else ''}{reading.kind}"
                if reading.kind == "black":
                    kept = []  # Firefox sends one now and then while its track is disabled
                elif kept and reading.kind != "unreadable":
                    fail(f"{where}: {name} {reading.counter} after {len(kept)} pictures that were right")
                others[name] = others.get(name, 0) + 1
            elif kept and reading.counter == kept[-1].reading.counter:
                pass  # shown twice
            elif kept and reading.counter < kept[-1].reading.counter:
                fail(f"{where}: counter {reading.counter} came after {kept[-1].reading.counter}")
            else:
                kept.append(seen)
        also = ", ".join(f"{number} {name}" for name, number in others.items())
        connection.notes[where] = f"{len(kept)} of {count} pictures" + (f"; also {also}" if also else "")
        await asyncio.sleep(POLL_SECONDS)
    del connection.notes[where]
    facts: dict[str, Any] = {"fps": 0.0, "size": f"{kept[-1].width}x{kept[-1].height}"}
    if (span := kept[-1].at - kept[0].at) > 0:
        facts["fps"] = round((len(kept) - 1) / span, 1)
    delays = [seen.at - seen.painted for seen in kept if seen.painted is not None]
    if delays:
        facts["latency_ms"] = round(median(delays) * 1000)
        if median(delays) > 1:
            fail(f"{where}: {facts['latency_ms']} ms late")
    bad = others.get("unreadable", 0)
    if bad > 2 * count:
        fail(f"{where}: {bad} pictures were unreadable")
    return facts


async def black(connection: Receiving, index: int, count: int = 5) -> None:
    """Waits until pictures are black, or none come any more (both are what a muted track may do)."""
    dark = 0
    quiet_since = time.monotonic()
    while dark < count and time.monotonic() - quiet_since < 1:
        for seen in await connection.seen(index):
            dark = dark + 1 if seen.reading.kind == "black" else 0
            quiet_since = time.monotonic()
        await asyncio.sleep(POLL_SECONDS)


async def tone(connection: Receiving, index: int, hertz: float, count: int = 4) -> dict[str, Any]:
    """Waits for `count` windows in a row with a tone of this frequency at the level at which all send."""
    good: list[tuple[float, float]] = []
    where = f"sound of section {index}"
    while len(good) < count:
        last = pattern.loudest(*await connection.window(index))
        right = abs(last[0] - hertz) <= 0.02 * hertz and abs(last[1] - pattern.LEVEL) <= 3
        good = [*good, last] if right else []
        connection.notes[where] = f"{last[0]:.0f} Hz at {last[1]:.0f} dB, not {hertz} Hz"
        await asyncio.sleep(0.1)
    del connection.notes[where]
    return {"hertz": round(median(f for f, _ in good), 1), "decibel": round(median(level for _, level in good), 1)}


async def silence(connection: Receiving, index: int, count: int = 3) -> None:
    """Waits for `count` windows in a row without sound."""
    quiet = 0
    where = f"sound of section {index}"
    while quiet < count:
        _, level = pattern.loudest(*await connection.window(index))
        quiet = quiet + 1 if level < -45 else 0
        connection.notes[where] = f"still {level:.0f} dB"
        await asyncio.sleep(0.1)
    del connection.notes[where]


async def keys(connection: Receiving, index: int, wanted: str) -> None:
    """Waits until the wanted DTMF keys have been heard, one after the other."""
    heard = ""
    before = None
    where = f"sound of section {index}"
    while not heard.endswith(wanted):
        key = pattern.dtmf(*await connection.window(index))
        if key and key != before:
            heard += key
        before = key
        connection.notes[where] = f"heard the keys {heard!r}, not {wanted!r}"
        await asyncio.sleep(0.03)
    del connection.notes[where]


async def together(*work: Awaitable[Any]) -> list[Any]:
    """Does all at once and ends all when one fails, with its error."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

# SPDX-License-Identifier: Apache-2.0
"""Runs one benchmark of a Python peer with both ends in this process and prints its figures as one JSON object.

    python -m bench.worker PEER throughput SIZE SECONDS | pingpong COUNT | setup COUNT | burst COUNT | memory COUNT
    python -m bench.worker PEER video CODEC WIDTH HEIGHT SECONDS | audio SECONDS | callmemory SECONDS
    python -m bench.worker PEER version

The same program as `rtc-bench`, figure by figure.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import time
from typing import Any

from . import calls
from .usage import cpu_seconds, percentile, resident_bytes

MODULES = {"libwebrtc": "bench.libwebrtc", "aiortc": "bench.aiortc_peer"}
WARM_UP = 0.5


async def throughput(peer: Any, size: int, seconds: float) -> dict[str, float]:
    pair = await peer.connect()
    received = 0

    def count(_: bytes) -> None:
        nonlocal received
        received += 1

    peer.on_message(pair.far, count)
    low = asyncio.Event()
    high_water, low_water = peer.HIGH_WATER, peer.HIGH_WATER // 4
    pair.near.bufferedAmountLowThreshold = low_water
    peer.on_low(pair.near, low.set)

    async def write() -> None:
        message = bytes(size)
        # Asking for the buffered amount is not free: a quarter of the room is filled between two questions.
        batch = max((high_water - low_water) // 4 // size, 1)
        while True:
            low.clear()
            while pair.near.bufferedAmount < high_water:
                for _ in range(batch):
                    pair.near.send(message)
                await asyncio.sleep(0)
            await low.wait()

    writer = asyncio.ensure_future(write())
    await asyncio.sleep(WARM_UP)
    began, before, cpu = time.monotonic(), received, cpu_seconds()
    await asyncio.sleep(seconds)
    elapsed, moved, cpu = time.monotonic() - began, received - before, cpu_seconds() - cpu
    writer.cancel()
    await peer.close(pair)
    if not moved:
        raise RuntimeError(f"nothing arrived in {elapsed:.1f} s")
    return {
        "messages_per_s": moved / elapsed,
        "mib_per_s": moved * size / elapsed / 2**20,
        "cpu_s_per_gib": cpu / (moved * size / 2**30),
    }


async def pingpong(peer: Any, count: int) -> dict[str, float]:
    pair = await peer.connect()
    peer.on_message(pair.far, pair.far.send)
    ping, times = bytes(100), []
    replied = asyncio.Event()
    peer.on_message(pair.near, lambda _: replied.set())
    warm_up = count // 10
    for number in range(count + warm_up):
        replied.clear()
        began = time.perf_counter()
        pair.near.send(ping)
        await replied.wait()
        if number >= warm_up:
            times.append((time.perf_counter() - began) * 1e6)
    await peer.close(pair)
    return {"p50_us": percentile(times, 50), "p99_us": percentile(times, 99)}


async def setup(peer: Any, count: int) -> dict[str, float]:
    for _ in range(3):
        await peer.close(await peer.connect())
    times, used = [], 0.0
    for _ in range(count):
        began, cpu = time.perf_counter(), cpu_seconds()
        pair = await peer.connect()
        times.append((time.perf_counter() - began) * 1e3)
        used += cpu_seconds() - cpu
        await peer.close(pair)
    return {"p50_ms": percentile(times, 50), "p99_ms": percentile(times, 99), "cpu_ms": used * 1e3 / count}


async def burst(peer: Any, count: int) -> dict[str, float]:
    await peer.close(await peer.connect())
    began = time.perf_counter()
    pairs = await asyncio.gather(*(peer.connect() for _ in range(count)))
    elapsed = time.perf_counter() - began
    for pair in pairs:
        await peer.close(pair)
    return {"connections_per_s": count / elapsed}


async def memory(peer: Any, count: int) -> dict[str, float]:
    pairs = [await peer.connect()]
    first = resident_bytes()
    while len(pairs) < count:
        pairs.append(await peer.connect())
    kib = (resident_bytes() - first) / 1024 / (count - 1)
    for pair in pairs:
        await peer.close(pair)
    return {"kib_per_pair": kib}


async def main(name: str, bench: str, *numbers: str) -> None:
    if bench in calls.BENCHES:
        print(json.dumps(await calls.run(name, bench, *numbers)), flush=True)
        return
    peer = importlib.import_module(MODULES[name])
    if bench == "version":
        print(json.dumps(peer.version()))
        return
    run = {"throughput": throughput, "pingpong": pingpong, "setup": setup, "burst": burst, "memory": memory}[bench]
    print(json.dumps(await run(peer, int(numbers[0]), *map(float, numbers[1:]))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    os._exit(0)  # what a library's threads still have to do at the interpreter's end is not measured

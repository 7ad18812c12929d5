# SPDX-License-Identifier: Apache-2.0
"""What is measured, and how each figure is read."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    key: str  # as a program prints it
    name: str
    unit: str
    is_more_better: bool = False


class Bench(NamedTuple):
    name: str
    arguments: list[str]
    quick_arguments: list[str]
    figures: list[Figure]
    # Where a peer would take too long with as many.
    peer_arguments: dict[str, list[str]] = {}

    def arguments_for(self, program: str, is_quick: bool) -> list[str]:
        return self.quick_arguments if is_quick else self.peer_arguments.get(program, self.arguments)


def _size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size // 1024} KiB"


THROUGHPUT = [
    Figure("messages_per_s", "messages", "1/s", is_more_better=True),
    Figure("mib_per_s", "bytes", "MiB/s", is_more_better=True),
    Figure("cpu_s_per_gib", "CPU, both ends", "s/GiB"),
]
BENCHES = [
    *(
        Bench(
            f"throughput {_size(size)}",
            ["throughput", str(size), "3"],
            ["throughput", str(size), "1"],
            THROUGHPUT,
            {"aiortc": ["throughput", str(size), "2"]},
        )
        for size in (100, 1024, 16384, 65536)
    ),
    Bench(
        "ping-pong 100 B",
        ["pingpong", "5000"],
        ["pingpong", "500"],
        [Figure("p50_us", "p50", "µs"), Figure("p99_us", "p99", "µs")],
        {"aiortc": ["pingpong", "1000"]},
    ),
    Bench(
        "set-up",
        ["setup", "60"],
        ["setup", "15"],
        [Figure("p50_ms", "p50", "ms"), Figure("p99_ms", "p99", "ms"), Figure("cpu_ms", "CPU each, both ends", "ms")],
    ),
    Bench(
        "100 set-ups at once",
        ["burst", "100"],
        ["burst", "30"],
        [Figure("connections_per_s", "rate", "1/s", is_more_better=True)],
    ),
    Bench(
        "memory of an idle pair",
        ["memory", "100"],
        ["memory", "30"],
        [Figure("kib_per_pair", "resident", "KiB")],
        {"libwebrtc": ["memory", "50"], "aiortc": ["memory", "50"]},
    ),
]

# SPDX-License-Identifier: Apache-2.0
"""What is measured, and how each figure is read."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    key: str  # as a program prints it
    name: str
    unit: str
    is_more_better: bool = False


class Group(NamedTuple):
    """Benches with the same peers: a section of the results."""

    name: str
    peers: tuple[str, ...]


class Bench(NamedTuple):
    group: Group
    name: str
    arguments: list[str]
    quick_arguments: list[str]
    figures: list[Figure]
    # Where a peer would take too long with as many.
    peer_arguments: dict[str, list[str]] = {}
    # Peers of the group that cannot do it.
    without: tuple[str, ...] = ()
    # One long run says as much as three short ones.
    rounds: int = 3
    timeout: float = 40

    @property
    def peers(self) -> list[str]:
        return [peer for peer in self.group.peers if peer not in self.without]

    def arguments_for(self, program: str, is_quick: bool) -> list[str]:
        return self.quick_arguments if is_quick else self.peer_arguments.get(program, self.arguments)


DATA = Group("Data channels", ("libwebrtc", "aiortc"))
CALLS = Group("Calls", ("libwebrtc", "aiortc"))
FAN_OUT = Group("Fan-out", ("Pion",))
SRTP = Group("SRTP", ("libsrtp2",))
GROUPS = [DATA, CALLS, FAN_OUT, SRTP]


def _size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size // 1024} KiB"


THROUGHPUT = [
    Figure("messages_per_s", "messages", "1/s", is_more_better=True),
    Figure("mib_per_s", "bytes", "MiB/s", is_more_better=True),
    Figure("cpu_s_per_gib", "CPU, both ends", "s/GiB"),
]
CALL = [
    Figure("p50_ms", "latency p50", "ms"),
    Figure("p95_ms", "latency p95", "ms"),
    Figure("cpu", "CPU, both ends", "s/s"),
    Figure("frames_per_s", "frames", "1/s", is_more_better=True),
]
FORWARDED = [
    Figure("packets_per_cpu_s", "packets out", "1/CPU s", is_more_better=True),
    Figure("lost_percent", "lost", "%"),
    Figure("sent_lost_percent", "lost after they were sent", "%"),
    Figure("allocations_per_packet", "allocations", "per packet out"),
]
PACES = {"even": "evenly", "frames": "frames of 33"}
PROFILES = ("AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES128_CM_HMAC_SHA1_80", "AES128_CM_HMAC_SHA1_32")
BENCHES = [
    *(
        Bench(
            DATA,
            f"throughput {_size(size)}",
            ["throughput", str(size), "3"],
            ["throughput", str(size), "1"],
            THROUGHPUT,
            {"aiortc": ["throughput", str(size), "2"]},
        )
        for size in (100, 1024, 16384, 65536)
    ),
    Bench(
        DATA,
        "ping-pong 100 B",
        ["pingpong", "5000"],
        ["pingpong", "500"],
        [Figure("p50_us", "p50", "µs"), Figure("p99_us", "p99", "µs")],
        {"aiortc": ["pingpong", "1000"]},
    ),
    Bench(
        DATA,
        "set-up",
        ["setup", "60"],
        ["setup", "15"],
        [Figure("p50_ms", "p50", "ms"), Figure("p99_ms", "p99", "ms"), Figure("cpu_ms", "CPU each, both ends", "ms")],
    ),
    Bench(
        DATA,
        "100 set-ups at once",
        ["burst", "100"],
        ["burst", "30"],
        [Figure("connections_per_s", "rate", "1/s", is_more_better=True)],
    ),
    Bench(
        DATA,
        "memory of an idle pair",
        ["memory", "100"],
        ["memory", "30"],
        [Figure("kib_per_pair", "resident", "KiB")],
        {"libwebrtc": ["memory", "50"], "aiortc": ["memory", "50"]},
    ),
    *(
        Bench(
            CALLS,
            f"call {codec} {width}×{height}",
            ["video", codec, str(width), str(height), "15"],
            ["video", codec, str(width), str(height), "2"],
            [*CALL, Figure("lines", "height received", "lines", is_more_better=True)],
            without=("libwebrtc",) if codec == "H264" else (),
            rounds=1,
        )
        for codec in ("VP8", "H264")
        for width, height in ((640, 480), (1280, 720))
    ),
    Bench(CALLS, "call Opus", ["audio", "15"], ["audio", "3"], CALL, rounds=1),
    Bench(
        CALLS,
        "memory of a call, Opus and VP8 640×480",
        ["callmemory", "150"],
        ["callmemory", "5"],
        [Figure("early_mib", "after a fifth", "MiB"), Figure("late_mib", "at the end", "MiB")],
        rounds=1,
        timeout=1_000,
    ),
    *(
        Bench(
            FAN_OUT,
            f"fan-out to {subscribers}, {PACES[pace]}",
            ["fanout", str(subscribers), pace, "5"],
            ["fanout", str(subscribers), pace, "1"],
            FORWARDED,
            timeout=120,
        )
        for subscribers in (10, 50, 200)
        for pace in PACES
    ),
    Bench(
        SRTP,
        "SRTP, 1,100 B sealed and opened",
        ["speed", "1"],
        ["speed", "0.2"],
        [Figure(profile, profile, "1/CPU s", is_more_better=True) for profile in PROFILES],
    ),
]

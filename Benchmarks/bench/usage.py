# SPDX-License-Identifier: Apache-2.0
"""What this process has used of the machine."""

from __future__ import annotations

import math
import os
import resource


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def percentile(values: list[float], percent: int) -> float:
    """The value that `percent` of the others do not exceed (nearest rank)."""
    return sorted(values)[max(math.ceil(len(values) * percent / 100) - 1, 0)]

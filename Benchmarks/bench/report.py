# SPDX-License-Identifier: Apache-2.0
"""Ratios, the JSON lines and the table."""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
from typing import Any

from .benches import Bench, Figure

Results = dict[str, dict[str, list[dict[str, float]]]]  # bench → program → one entry for each run


def lines(benches: list[Bench], peers: list[str], results: Results) -> list[dict[str, Any]]:
    """One entry for each figure and peer; a ratio over 1 means that ours is better."""
    entries = []
    for bench in benches:
        for figure in bench.figures:
            ours = _median(results, bench, "ours", figure)
            for peer in peers:
                theirs = _median(results, bench, peer, figure)
                ratio = None
                if ours and theirs:
                    ratio = round(ours / theirs if figure.is_more_better else theirs / ours, 2)
                entries.append(
                    {
                        "bench": f"{bench.name}: {figure.name}",
                        "peer": peer,
                        "ours": _rounded(ours),
                        "theirs": _rounded(theirs),
                        "unit": figure.unit,
                        "ratio": ratio,
                    }
                )
    return entries


def write_lines(path: pathlib.Path, entries: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")


def table(benches: list[Bench], peers: list[str], results: Results) -> str:
    """The figures of one run as a Markdown table."""
    rows = [["", "ours", *(column for peer in peers for column in (peer, "ratio"))]]
    rows.append(["---", *["---:"] * (len(rows[0]) - 1)])
    entries = iter(lines(benches, peers, results))
    for bench in benches:
        for figure in bench.figures:
            row = [f"{bench.name}: {figure.name}, {figure.unit}"]
            for index in range(len(peers)):
                entry = next(entries)
                if index == 0:
                    row.append(_text(entry["ours"]))
                row += [_text(entry["theirs"]), _text(entry["ratio"])]
            rows.append(row)
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def document(benches: list[Bench], peers: list[str], results: Results, versions: dict[str, str], rounds: int) -> str:
    names = ", ".join(f"{peer} {versions[peer]}" for peer in peers)
    return f"""# Results

Written by `make bench` on {datetime.date.today().isoformat()}; `README.md` says what each figure means. A ratio over 1
means that ours is better.

- Ours: commit {_commit()}, Swift {_swift()}, release build
- Peers: {names}, in CPython {platform.python_version()}
- Machine: {_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.release()}; load {os.getloadavg()[0]:.1f}
- Medians of {rounds} interleaved runs (aiortc: of one)

{table(benches, peers, results)}"""


def _median(results: Results, bench: Bench, program: str, figure: Figure) -> float | None:
    values = [run[figure.key] for run in results.get(bench.name, {}).get(program, [])]
    return statistics.median(values) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _text(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _commit() -> str:
    return _output("git", "describe", "--always", "--dirty") or "unknown"


def _swift() -> str:
    found = re.search(r"Swift version (\S+)", _output("swift", "--version"))
    return found[1] if found else "unknown"


def _processor() -> str:
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"model name\s*: (.+)", text)
    return found[1].strip() if found else platform.machine()

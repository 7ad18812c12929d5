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

from .benches import GROUPS, Bench, Figure

Results = dict[str, dict[str, list[dict[str, float]]]]  # bench → program → one entry for each run


def lines(benches: list[Bench], peers: list[str], results: Results) -> list[dict[str, Any]]:
    """One entry for each figure and peer; a ratio over 1 means that ours is better."""
    entries = []
    for bench in benches:
        for figure in bench.figures:
            ours = _median(results, bench, "ours", figure)
            for peer in peers:
                if peer in bench.without:
                    continue
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
            row.append(_text(_rounded(_median(results, bench, "ours", figure))))
            for peer in peers:
                entry = {} if peer in bench.without else next(entries)
                row += [_text(entry.get("theirs")), _text(entry.get("ratio"))]
            rows.append(row)
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def section(
    benches: list[Bench], peers: list[str], results: Results, versions: dict[str, str], load: tuple[float, float]
) -> str:
    """A whole group of benches, with all that one must know of the run."""
    counts = {program: len(runs) for of_bench in results.values() for program, runs in of_bench.items()}
    medians = ", ".join(f"{program} {count}" for program, count in counts.items())
    names = ", ".join(f"{peer} {versions[peer]}" for peer in peers)
    return f"""- Ours: commit {_commit()}, Swift {_swift()}, release build; {datetime.date.today().isoformat()}
- Peers: {names}
- Machine: {_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.release()}; load {load[0]:.1f} before, \
{load[1]:.1f} after
- Medians of interleaved runs: {medians}

{table(benches, peers, results)}"""


def replace_section(path: pathlib.Path, name: str, text: str) -> None:
    """Puts a group in the place of its former figures."""
    before, *sections = path.read_text(encoding="utf-8").split("\n## ")
    named = {section.split("\n", 1)[0]: section for section in sections}
    named[name] = f"{name}\n\n{text}"
    ordered = [named[group.name].rstrip("\n") + "\n" for group in GROUPS if group.name in named]
    path.write_text("\n## ".join([before, *ordered]), encoding="utf-8")


def _median(results: Results, bench: Bench, program: str, figure: Figure) -> float | None:
    values = [run[figure.key] for run in results.get(bench.name, {}).get(program, []) if figure.key in run]
    return statistics.median(values) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _text(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def output(*command: str) -> str:
    """What a command says; nothing where it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _commit() -> str:
    return output("git", "describe", "--always", "--dirty") or "unknown"


def _swift() -> str:
    found = re.search(r"Swift version (\S+)", output("swift", "--version"))
    return found[1] if found else "unknown"


def _processor() -> str:
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"model name\s*: (.+)", text)
    return found[1].strip() if found else platform.machine()

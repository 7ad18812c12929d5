# SPDX-License-Identifier: Apache-2.0
"""The outcomes as a table that a person can read."""

from __future__ import annotations

import unicodedata
from typing import Any

SIGNS = {"pass": "✓", "fail": "✗", "skip": "–"}


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def left(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def line(outcome: dict[str, Any]) -> str:
    text = f"{SIGNS[outcome['result']]} {outcome['peer']:10} {outcome['role']:9} {outcome['case']}  {outcome['ms']} ms"
    return text + (f"\n    {outcome['detail']}" if "detail" in outcome else "")


def table(outcomes: list[dict[str, Any]]) -> str:
    """Cases down, peers and roles across; a cell is the outcome and its milliseconds."""
    columns: list[tuple[str, str]] = []
    rows: list[str] = []
    cells: dict[tuple[str, str, str], dict[str, Any]] = {}
    for outcome in outcomes:
        if outcome["peer"] == "http":
            continue
        column = (outcome["peer"], outcome["role"])
        if column not in columns:
            columns.append(column)
        if outcome["case"] not in rows:
            rows.append(outcome["case"])
        cells[*column, outcome["case"]] = outcome
    columns.sort()
    first = max((width(row) for row in rows), default=0)
    lines = [
        left("", first) + "".join(f"  {peer:>10}" for peer, _ in columns),
        left("", first) + "".join(f"  {role:>10}" for _, role in columns),
    ]
    for row in rows:
        text = left(row, first)
        for column in columns:
            outcome = cells.get((*column, row))
            cell = f"{SIGNS[outcome['result']]} {outcome['ms']}" if outcome else ""
            text += f"  {cell:>10}"
        lines.append(text)
    return "\n".join(lines) if rows else ""


def summary(outcomes: list[dict[str, Any]]) -> str:
    count = {sign: sum(outcome["result"] == sign for outcome in outcomes) for sign in SIGNS}
    lines = []
    versions = sorted({(o["peer"], o["version"]) for o in outcomes if o["version"]})
    if versions:
        lines.append("Peers: " + ", ".join(f"{peer} {version}" for peer, version in versions))
    dtls = sorted({(o["peer"], o["role"], o["dtls"]) for o in outcomes if "dtls" in o})
    if dtls:
        lines.append("DTLS: " + ", ".join(f"{peer} as {role} {version}" for peer, role, version in dtls))
    again = [o for o in outcomes if o["result"] == "pass" and "detail" in o]
    if again:
        lines.append("Passed only at the second try:")
        lines += [line(o) for o in again]
    if count["fail"]:
        lines.append("Failed:")
        lines += [line(o) for o in outcomes if o["result"] == "fail"]
    lines.append(f"{count['pass']} passed, {count['fail']} failed, {count['skip']} skipped")
    return "\n".join(lines)

# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks of this stack and of its peers in turns; Scripts/bench.sh builds and calls this."""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import subprocess
import sys
import time

from . import report
from .benches import BENCHES

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = ["libwebrtc", "aiortc"]
RUN_SECONDS = 40


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Scripts/bench.sh", description=__doc__)
    parser.add_argument("--bench", default="", metavar="REGEX", help="only the benches whose names it finds")
    parser.add_argument("--peer", action="append", choices=[*PEERS, "none"], help="only these peers (repeatable)")
    parser.add_argument("--quick", action="store_true", help="one short run of each: shows that all works")
    parser.add_argument("--rounds", type=int, help="runs of each, of which the median counts (default 3)")
    parser.add_argument("--list", action="store_true", help="print the names of the benches and end")
    parser.add_argument("--program", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def run(command: list[str], what: str) -> dict[str, float] | None:
    """The figures that one run printed; a failure is told, and the others go on."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, cwd=ROOT / "Benchmarks")
    except subprocess.TimeoutExpired:
        print(f"bench: {what} was not done after {RUN_SECONDS} s", file=sys.stderr)
        return None
    if result.returncode:
        said = (result.stderr.strip() or "nothing").splitlines()
        print(f"bench: {what} failed and said: {said[-1]}", file=sys.stderr)
        return None
    return json.loads(result.stdout.splitlines()[-1])


def main() -> int:
    options = parse()
    benches = [bench for bench in BENCHES if re.search(options.bench, bench.name)]
    if options.list or not benches:
        print("\n".join(bench.name for bench in BENCHES))
        return 0 if options.list else 2
    peers = [peer for peer in PEERS if not options.peer or peer in options.peer]
    rounds = options.rounds or (1 if options.quick else 3)
    commands = {"ours": [str(options.program.resolve())]}
    commands |= {peer: [sys.executable, "-m", "bench.worker", peer] for peer in peers}
    versions = {peer: str(run([*commands[peer], "version"], peer)) for peer in peers}

    began, failures = time.monotonic(), 0
    results: report.Results = {}
    for bench in benches:
        # In turns, so that what else the machine does meets all alike.
        for number in range(rounds):
            for program, command in commands.items():
                if program == "aiortc" and number > 0:
                    continue  # an order of magnitude away: one run says it
                arguments = bench.arguments_for(program, options.quick)
                figures = run([*command, *arguments], f"{program}: {bench.name}")
                if figures is None:
                    failures += 1
                else:
                    results.setdefault(bench.name, {}).setdefault(program, []).append(figures)
        print(report.table([bench], peers, results), flush=True)

    name = ROOT / "bench-results.jsonl"
    report.write_lines(name, report.lines(benches, peers, results))
    if benches == BENCHES and peers == PEERS and not options.quick and not failures:
        text = report.document(benches, peers, results, versions, rounds)
        (ROOT / "Benchmarks/RESULTS.md").write_text(text, encoding="utf-8")
    print(f"bench: {time.monotonic() - began:.0f} s, {failures} runs failed; see {name.name}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

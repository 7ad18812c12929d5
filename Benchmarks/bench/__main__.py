# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks of this stack and of its peers in turns; Scripts/bench.sh builds and calls this."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from . import report
from .benches import BENCHES, FAN_OUT, GROUPS, SRTP, Bench

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = list(dict.fromkeys(peer for group in GROUPS for peer in group.peers))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Scripts/bench.sh", description=__doc__)
    parser.add_argument("--group", action="append", choices=[group.name for group in GROUPS], help="only these benches")
    parser.add_argument("--bench", default="", metavar="REGEX", help="only the benches whose names it finds")
    parser.add_argument("--peer", action="append", choices=[*PEERS, "none"], help="only these peers (repeatable)")
    parser.add_argument("--quick", action="store_true", help="one short run of each: shows that all works")
    parser.add_argument("--rounds", type=int, help="runs of each, of which the median counts (default 3, calls 1)")
    parser.add_argument(
        "--seconds", type=int, help="how long the call lasts whose memory is measured (default 150); 600 is a test"
    )
    parser.add_argument("--list", action="store_true", help="print the names of the benches and end")
    parser.add_argument("--programs", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def command(bench: Bench, program: str, options: argparse.Namespace) -> list[str]:
    """How `program`, ours or a peer, runs a bench."""
    programs = options.programs.resolve()
    arguments = bench.arguments_for(program, options.quick)
    if bench.group == SRTP:
        return [str(programs / "srtp-bench"), *arguments, program]
    ours = str(programs / "rtc-bench")
    if bench.group == FAN_OUT:
        counted = ["/usr/bin/env", f"LD_PRELOAD={programs / 'allocations.so'}", ours, "forward"]
        return [ours, *arguments, *(counted if program == "ours" else [str(programs / "pion-forward")])]
    if arguments[0] == "callmemory" and options.seconds:
        arguments = ["callmemory", str(options.seconds)]
    return [*([ours] if program == "ours" else [sys.executable, "-m", "bench.worker", program]), *arguments]


def run(command: list[str], what: str, timeout: float) -> dict[str, float] | None:
    """The figures that one run printed; a failure is told, and the others go on."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=ROOT / "Benchmarks")
    except subprocess.TimeoutExpired:
        print(f"bench: {what} was not done after {timeout} s", file=sys.stderr)
        return None
    if result.returncode:
        said = (result.stderr.strip() or "nothing").splitlines()
        print(f"bench: {what} failed and said: {said[-1]}", file=sys.stderr)
        return None
    return json.loads(result.stdout.splitlines()[-1])


def version(peer: str) -> str:
    packages = {"Pion": "golang-github-pion-webrtc.v3-dev", "libsrtp2": "libsrtp2-1"}
    if peer in packages:
        return report.output("dpkg-query", "-W", "-f=${Version}", packages[peer])
    return str(run([sys.executable, "-m", "bench.worker", peer, "version"], peer, 40))


def main() -> int:
    options = parse()
    names = options.group or [group.name for group in GROUPS]
    benches = [b for b in BENCHES if b.group.name in names and re.search(options.bench, b.name)]
    if options.list or not benches:
        print("\n".join(f"{bench.group.name:15}{bench.name}" for bench in BENCHES))
        return 0 if options.list else 2

    began, failures = time.monotonic(), 0
    entries = []
    for group in GROUPS:
        chosen = [bench for bench in benches if bench.group == group]
        peers = [peer for peer in group.peers if not options.peer or peer in options.peer]
        results: report.Results = {}
        load, failed = os.getloadavg()[0], 0
        if group == SRTP and chosen:
            # Figures of packets that are not the same would say nothing.
            subprocess.run([str(options.programs / "srtp-bench"), "compare"], check=True)
        for bench in chosen:
            rounds = options.rounds or (1 if options.quick else bench.rounds)
            # In turns, so that what else the machine does meets all alike.
            for number in range(rounds):
                for program in ["ours", *(peer for peer in bench.peers if peer in peers)]:
                    if program == "aiortc" and number > 0:
                        continue  # an order of magnitude away: one run says it
                    timeout = bench.timeout + (options.seconds or 0)
                    what = f"{program}: {bench.name}"
                    figures = run(command(bench, program, options), what, timeout)
                    if figures is None:
                        failed += 1
                    else:
                        results.setdefault(bench.name, {}).setdefault(program, []).append(figures)
            print(report.table([bench], peers, results), flush=True)
        entries += report.lines(chosen, peers, results)
        failures += failed
        is_whole = chosen == [bench for bench in BENCHES if bench.group == group] and peers == list(group.peers)
        if is_whole and not options.quick and not failed:
            versions = {peer: version(peer) for peer in peers}
            text = report.section(chosen, peers, results, versions, (load, os.getloadavg()[0]))
            report.replace_section(ROOT / "Benchmarks/RESULTS.md", group.name, text)
    name = ROOT / "bench-results.jsonl"
    report.write_lines(name, entries)
    print(f"bench: {time.monotonic() - began:.0f} s, {failures} runs failed; see {name.name}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""`python -m interop`: every case against every peer, three peers at a time."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from . import peers, report
from .server import ARGUMENTS, REFERENCE, ROOT, Server, built_binary

TOTAL_SECONDS = 420
AT_ONCE = 3


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="interop", description=__doc__)
    server = parser.add_mutually_exclusive_group()
    server.add_argument("--server", metavar="RTC", help="the binary (default: $RTC_BINARY, else the newest build)")
    server.add_argument("--url", help="a server that runs already")
    server.add_argument("--reference", action="store_true", help="test the harness against its own reference server")
    parser.add_argument("--peer", action="append", choices=[*peers.NAMES, "http", "files"], help="only this peer (repeatable)")
    parser.add_argument("--case", default="", metavar="REGEX", help="only the cases whose name matches")
    parser.add_argument("--total", type=float, default=TOTAL_SECONDS, metavar="SECONDS", help="end after this time")
    parser.add_argument("--output", type=Path, default=ROOT / "interop-results.jsonl", help="file of JSON lines")
    return parser.parse_args()


def command(options: argparse.Namespace) -> list[str]:
    if options.reference:
        os.environ["INTEROP_REFERENCE"] = "1"
        return REFERENCE
    binary = options.server or os.environ.get("RTC_BINARY") or built_binary()
    if binary is None:
        sys.exit("interop: no binary `rtc` in .build: run `swift build --product rtc`, or name it with --server")
    if not os.access(binary, os.X_OK):
        sys.exit(f"interop: {binary} cannot be run")
    # The cases that run other commands of the binary find it there.
    os.environ["RTC_BINARY"] = str(Path(binary).resolve())
    return [str(binary), *ARGUMENTS]


class Run:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.outcomes: list[dict[str, Any]] = []
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.workers: list[asyncio.subprocess.Process] = []
        options.output.write_text("")

    def add(self, outcome: dict[str, Any]) -> None:
        self.outcomes.append(outcome)
        with self.options.output.open("a") as file:
            file.write(json.dumps(outcome, ensure_ascii=False) + "\n")
        print(report.line(outcome), flush=True)

    def fail(self, peer: str, case: str, detail: str) -> None:
        self.add({"peer": peer, "version": "", "role": "-", "case": case, "result": "fail", "ms": 0, "detail": detail})

    async def peer(self, name: str, url: str) -> None:
        async with self.slots:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "interop.worker", name, url, self.options.case,
                stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[1], limit=1 << 20,
            )  # fmt: skip
            self.workers.append(process)
            try:
                while text := await process.stdout.readline():
                    self.add(json.loads(text))
                if status := await process.wait():
                    self.fail(name, "peer", f"its process ended with status {status}")
            except asyncio.CancelledError:
                await end(process)
                raise

    async def all(self, url: str, server: Server | None = None) -> None:
        """Runs the peers until they are done, the time is up, or the server is gone."""
        chosen = self.options.peer or ["http", *([] if self.options.reference or self.options.url else ["files"]), *peers.NAMES]
        tasks = {asyncio.create_task(self.peer(name, url)): name for name in chosen}
        everything = asyncio.gather(*tasks, return_exceptions=True)
        ended = asyncio.create_task(server.process.wait()) if server else None
        waited = [everything, ended] if ended else [everything]
        await asyncio.wait(waited, timeout=self.options.total, return_when=asyncio.FIRST_COMPLETED)
        if not everything.done():
            gone = ended is not None and ended.done()
            why = "the server ended" if gone else f"not done after {self.options.total:g} s in all"
            for name in (name for task, name in tasks.items() if not task.done()):
                last = next((o for o in reversed(self.outcomes) if o["peer"] == name), None)
                after = f"; the last case done was {last['case']!r} as {last['role']}" if last else ""
                self.fail(name, "cut short", why + after)
        if ended:
            ended.cancel()
        unfinished = [task for task in tasks if not task.done()]
        for task in unfinished:
            task.cancel()
        await everything
        for task, name in tasks.items():
            if task not in unfinished and (error := task.exception()):
                self.fail(name, "peer", repr(error))


async def end(process: asyncio.subprocess.Process) -> None:
    """Asks a worker to end, so that it can end its browser, and insists after a while."""
    process.terminate()
    try:
        async with asyncio.timeout(15):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def main() -> int:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    options = arguments()
    run = Run(options)
    began = time.monotonic()
    if options.url:
        await run.all(options.url.rstrip("/") + "/")
    else:
        server = Server(command(options))
        await server.start()
        print(f"Server: {' '.join(server.command)}\nat {server.url}", flush=True)
        try:
            await run.all(server.url, server)
        finally:
            fault = await server.stop()
        if fault:
            run.fail("server", "still runs, then ends", fault + "\n" + "\n".join(server.tail))
    print(f"\n{report.table(run.outcomes)}\n\n{report.summary(run.outcomes)}, {time.monotonic() - began:.0f} s")
    if not run.outcomes:
        print("No case has run.")
        return 1
    return int(any(outcome["result"] == "fail" for outcome in run.outcomes))


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except (asyncio.CancelledError, KeyboardInterrupt):
        sys.exit("interop: interrupted")
    except RuntimeError as error:
        sys.exit(f"interop: {error}")

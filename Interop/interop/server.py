# SPDX-License-Identifier: Apache-2.0
"""Starts the server under test and knows where it listens."""

from __future__ import annotations

import asyncio
import collections
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = [sys.executable, str(ROOT / "Interop" / "reference_server.py")]
ARGUMENTS = ["serve", "--host", "127.0.0.1", "--port", "0"]
START_SECONDS = 20
STOP_SECONDS = 5


def built_binary() -> Path | None:
    """The newest `rtc` that a build has left."""
    found = [path for path in ROOT.glob(".build/*/rtc") if path.is_file()]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


class Server:
    """The process; `url` is set once it has printed `Listening on URL`."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.url = ""
        self.tail: collections.deque[str] = collections.deque(maxlen=40)

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *self.command, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        listening = asyncio.Event()
        self.reader = asyncio.create_task(self._read(listening))
        try:
            async with asyncio.timeout(START_SECONDS):
                await listening.wait()
        except TimeoutError:
            await self.stop()
        if not self.url:
            raise RuntimeError(f"{self.command[0]} did not print `Listening on http://…`:\n" + "\n".join(self.tail))

    async def _read(self, listening: asyncio.Event) -> None:
        while line := await self.process.stdout.readline():
            text = line.decode(errors="replace").rstrip()
            self.tail.append(text)
            if not self.url and (match := re.search(r"Listening on (http://\S+)", text)):
                self.url = match[1].rstrip("/") + "/"
                listening.set()
        listening.set()

    @property
    def exit_status(self) -> int | None:
        """The status once the process has ended, negative for a signal."""
        return self.process.returncode

    async def stop(self) -> str | None:
        """Ends the process; returns what was wrong with how it ended, if anything was."""
        if self.exit_status is not None:
            return f"the server had ended with status {self.exit_status}"
        self.process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            return f"the server did not end within {STOP_SECONDS} s of SIGTERM"
        return None

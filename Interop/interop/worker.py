# SPDX-License-Identifier: Apache-2.0
"""Runs the cases of one peer in a process of its own; each outcome is a JSON line on standard output."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from . import page_cases, peers
from .cases import CASES
from .file_cases import FILE_CASES
from .http_cases import HTTP_CASES
from .media.cases import MEDIA_CASES
from .peers.base import Peer, Unsupported
from .peers.browser import BrowserPeer
from .session import OFFERER, ROLES, Session

PAGE_SECONDS = 60
HTTP_SECONDS = 10
FILE_SECONDS = 30


class Worker:
    def __init__(self, name: str, url: str, pattern: str) -> None:
        self.name = name
        self.url = url
        self.pattern = re.compile(pattern)
        self.version = ""
        self.session: Session | None = None

    async def run(self) -> None:
        async with aiohttp.ClientSession(self.url) as http:
            if self.name == "http":
                for name, run in HTTP_CASES:
                    await self._case("client", name, HTTP_SECONDS, lambda _, run=run: run(http))
                return
            if self.name == "files":
                for name, run in FILE_CASES:
                    await self._case("both", name, FILE_SECONDS, lambda _, run=run: run())
                return
            if self.name == "chromium":
                await self._hidden_addresses(http)
            async with started(peers.make(self.name)) as peer:
                self.version = peer.version
                for role in ROLES:
                    for case in [*([] if self.name in peers.MEDIA_ONLY else CASES), *MEDIA_CASES]:
                        await self._session_case(http, peer, role, case.name, case.seconds, case.run)
                if isinstance(peer, BrowserPeer):
                    for name, script in page_cases.PAGE_CASES:
                        await self._page_case(peer, name, script)

    def _where(self) -> str:
        """What a time-out interrupted."""
        if not self.session:
            return ""
        notes = getattr(self.session.connection, "notes", {})
        return f" while {self.session.step}" + "".join(f"; {what}: {how}" for what, how in notes.items())

    async def _hidden_addresses(self, http: aiohttp.ClientSession) -> None:
        """Chromium as it is by default: its host candidates are names that only multicast DNS resolves."""
        from .peers.chromium import ChromiumPeer

        name = "connect with .local candidates"
        if not self.pattern.search(name):
            return

        async def connect(session: Session) -> None:
            channel = await session.open("echo")
            await channel.send("hello")
            if await channel.receive() != "hello":
                raise AssertionError("no echo")
            if session.role == OFFERER and ".local" not in session.offer:
                raise Unsupported("this Chromium wrote no .local candidates")

        async with started(ChromiumPeer(hides_addresses=True)) as peer:
            self.version = peer.version
            for role in ROLES:
                await self._session_case(http, peer, role, name, 20, connect)

    async def _session_case(
        self, http: aiohttp.ClientSession, peer: Peer, role: str, name: str, seconds: float,
        run: Callable[[Session], Awaitable[None]],
    ) -> None:  # fmt: skip
        async def attempt(facts: dict[str, Any]) -> None:
            connection = await peer.connection()
            try:
                session = self.session = Session(connection, role, http)
                session.facts = facts
                await run(session)
                if name == "connect" and (version := await connection.dtls_version()):
                    facts["dtls"] = version
            finally:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(5):
                        await connection.close()

        await self._case(role, name, seconds, attempt)

    async def _page_case(self, peer: BrowserPeer, name: str, script: str) -> None:
        async def attempt(facts: dict[str, Any]) -> None:
            facts.update(await page_cases.run(peer, self.url, script))

        await self._case(OFFERER, name, PAGE_SECONDS, attempt)

    async def _case(
        self, role: str, name: str, seconds: float, attempt: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        """Runs a case, once more if it fails, and reports it."""
        if not self.pattern.search(name):
            return
        failures: list[str] = []
        facts: dict[str, Any] = {}
        while True:
            began = time.monotonic()
            self.session = None
            result = "pass"
            try:
                async with asyncio.timeout(seconds):
                    await attempt(facts)
            except Unsupported as reason:
                result, facts["detail"] = "skip", str(reason)
            except TimeoutError:
                failures.append(f"not done after {seconds:g} s{self._where()}")
                result = "fail"
            except Exception as error:  # whatever a peer's library throws is this case's failure
                # Browsers add a stack; its first line says what is wrong.
                failures.append(f"{type(error).__name__}: {error}".strip().splitlines()[0])
                result = "fail"
            milliseconds = round((time.monotonic() - began) * 1000)
            if result != "fail" or len(failures) == 2:
                break
        if failures:
            facts["detail"] = "; then ".join([*failures, result] if result != "fail" else failures)
        line = {"peer": self.name, "version": self.version, "role": role, "case": name, "result": result}
        print(json.dumps({**line, "ms": milliseconds, **facts}, ensure_ascii=False), flush=True)


@contextlib.asynccontextmanager
async def started(peer: Peer):
    try:
        await peer.start()  # inside: a start that is cut short may have left a process
        yield peer
    finally:
        await peer.stop()


async def main(name: str, url: str, pattern: str) -> None:
    # Being terminated must still end the browser: a cancelled task runs its `finally` blocks.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    await Worker(name, url, pattern).run()


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:]))

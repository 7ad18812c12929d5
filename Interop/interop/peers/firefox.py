# SPDX-License-Identifier: Apache-2.0
"""Firefox of the system, driven over WebDriver BiDi, which it speaks itself on a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import aiohttp

from .browser import BrowserPeer

EXECUTABLE = "/usr/bin/firefox-esr"
PREFERENCES = {
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.cubeb.force_mock_context": True,  # without a sound card, its AudioContext would never start
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
}
START_SECONDS = 60


class BiDi:
    """Commands and their answers on one WebSocket; events are not asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.last = 0
        self.waiting: dict[int, asyncio.Future[Any]] = {}
        self.reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for frame in self.socket:
                answer = json.loads(frame.data)
                future = self.waiting.pop(answer.get("id"), None)
                if future is None or future.done():
                    continue
                if answer["type"] == "error":
                    future.set_exception(RuntimeError(answer["message"]))
                else:
                    future.set_result(answer["result"])
        finally:
            for future in self.waiting.values():
                if not future.done():
                    future.set_exception(RuntimeError("Firefox ended"))

    async def command(self, method: str, **parameters: Any) -> Any:
        self.last += 1
        number = self.last
        self.waiting[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        return await self.waiting[number]


class FirefoxPage:
    # It takes events with 8,000 ticks a second only, and beside Opus plays them for a sixth of their time.
    tone_codec = "PCMU"

    def __init__(self, bidi: BiDi, context: str) -> None:
        self.bidi = bidi
        self.context = context

    async def goto(self, url: str) -> None:
        await self.bidi.command("browsingContext.navigate", context=self.context, url=url, wait="complete")

    async def call(self, function: str, *arguments: Any) -> Any:
        # JSON both ways: simpler than the typed values of the protocol.
        outcome = await self.bidi.command(
            "script.callFunction",
            functionDeclaration=f"async (a) => JSON.stringify((await ({function})(...JSON.parse(a))) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        if outcome["type"] == "exception":
            raise RuntimeError(outcome["exceptionDetails"]["text"])
        return json.loads(outcome["result"]["value"])


class FirefoxPeer(BrowserPeer):
    name = "firefox"
    version = ""

    def __init__(self) -> None:
        self.stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            profile = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="interop-firefox-", ignore_cleanup_errors=True)
            )
            lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
            Path(profile, "user.js").write_text("\n".join(lines))
            process = await asyncio.create_subprocess_exec(
                EXECUTABLE, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0",
                stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            stack.push_async_callback(end, process)
            async with asyncio.timeout(START_SECONDS):
                url = await endpoint(process)
                stack.callback(asyncio.create_task(discard(process)).cancel)
                http = await stack.enter_async_context(aiohttp.ClientSession())
                bidi = BiDi(await http.ws_connect(f"{url}/session", max_msg_size=0))
                stack.callback(bidi.reader.cancel)
                answer = await bidi.command("session.new", capabilities={})
                tree = await bidi.command("browsingContext.getTree")
            self.version = answer["capabilities"]["browserVersion"]
            self.page = FirefoxPage(bidi, tree["contexts"][0]["context"])
            self.stack = stack.pop_all()

    async def stop(self) -> None:
        await self.stack.aclose()


async def endpoint(process: asyncio.subprocess.Process) -> str:
    while line := await process.stderr.readline():
        if match := re.search(rb"BiDi listening on (ws://\S+)", line):
            return match[1].decode()
    raise RuntimeError("Firefox ended before it listened")


async def discard(process: asyncio.subprocess.Process) -> None:
    while await process.stderr.read(1 << 16):
        pass


async def end(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        async with asyncio.timeout(10):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

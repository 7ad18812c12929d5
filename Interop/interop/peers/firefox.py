# SPDX-License-Identifier: Apache-2.0
"""Firefox of the system, driven over WebDriver BiDi, which it speaks itself on a WebSocket."""

from __future__ import annotations

import asyncio
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
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
}
START_SECONDS = 60


class BiDi:
    """Commands and their answers on one WebSocket; events are not asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
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
        number = self.last = getattr(self, "last", 0) + 1
        self.waiting[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        return await self.waiting[number]


class FirefoxPage:
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

    async def start(self) -> None:
        self.profile = tempfile.TemporaryDirectory(prefix="interop-firefox-", ignore_cleanup_errors=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        Path(self.profile.name, "user.js").write_text("\n".join(lines))
        self.process = await asyncio.create_subprocess_exec(
            EXECUTABLE, "--headless", "--no-remote", "--profile", self.profile.name, "--remote-debugging-port", "0",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(START_SECONDS):
            url = await self._endpoint()
        self.log = asyncio.create_task(self._discard())
        self.session = aiohttp.ClientSession()
        self.bidi = BiDi(await self.session.ws_connect(f"{url}/session", max_msg_size=0))
        answer = await self.bidi.command("session.new", capabilities={})
        self.version = answer["capabilities"]["browserVersion"]
        tree = await self.bidi.command("browsingContext.getTree")
        self.page = FirefoxPage(self.bidi, tree["contexts"][0]["context"])

    async def _endpoint(self) -> str:
        while line := await self.process.stderr.readline():
            if match := re.search(rb"BiDi listening on (ws://\S+)", line):
                return match[1].decode()
        raise RuntimeError("Firefox ended before it listened")

    async def _discard(self) -> None:
        while await self.process.stderr.read(1 << 16):
            pass

    async def stop(self) -> None:
        self.process.terminate()
        try:
            async with asyncio.timeout(10):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        self.bidi.reader.cancel()
        self.log.cancel()
        await self.session.close()
        self.profile.cleanup()

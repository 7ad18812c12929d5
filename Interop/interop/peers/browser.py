# SPDX-License-Identifier: Apache-2.0
"""The verbs of a peer, carried out in a browser's page by puppet.js."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Protocol

from .base import dtls_name

# One expression: a function that installs the puppet.
PUPPET = (Path(__file__).parent / "puppet.js").read_text()


class Page(Protocol):
    """One tab of a browser."""

    async def goto(self, url: str) -> None: ...

    async def call(self, function: str, *arguments: Any) -> Any:
        """Calls a JavaScript function in the page, waits for its promise and returns its JSON value."""


class BrowserChannel:
    def __init__(self, page: Page, handle: int) -> None:
        self.page = page
        self.handle = handle

    async def _do(self, verb: str, *arguments: Any) -> Any:
        return await self.page.call(f"(...a) => puppet.{verb}(...a)", self.handle, *arguments)

    async def opened(self) -> None:
        await self._do("opened")

    async def closed(self) -> None:
        await self._do("closed")

    async def close(self) -> None:
        await self._do("close")

    async def send(self, message: str | bytes) -> None:
        if isinstance(message, str):
            await self._do("sendText", message)
        else:
            await self._do("sendBinary", base64.b64encode(message).decode())

    async def receive(self) -> str | bytes:
        message = await self._do("receive")
        return message["text"] if "text" in message else base64.b64decode(message["binary"])

    async def echo(self, total: int, size: int) -> None:
        await self._do("echo", total, size)

    async def upload(self, total: int, size: int) -> None:
        await self._do("upload", total, size)

    async def download(self, total: int) -> None:
        await self._do("download", total)


class BrowserConnection:
    def __init__(self, page: Page, handle: int) -> None:
        self.page = page
        self.handle = handle

    async def _do(self, verb: str, *arguments: Any) -> Any:
        return await self.page.call(f"(...a) => puppet.{verb}(...a)", self.handle, *arguments)

    async def offer(self) -> str:
        return await self._do("offer")

    async def accept(self, answer: str) -> None:
        await self._do("accept", answer)

    async def answer(self, offer: str) -> str:
        return await self._do("answer", offer)

    async def connected(self) -> None:
        await self._do("connected")

    async def create(self, label: str, **options: Any) -> BrowserChannel:
        return BrowserChannel(self.page, await self._do("create", label, options))

    async def incoming(self, label: str) -> BrowserChannel:
        return BrowserChannel(self.page, await self._do("incoming", label))

    async def dtls_version(self) -> str | None:
        return dtls_name(await self._do("tlsVersion"))

    async def close(self) -> None:
        await self._do("closeConnection")


class BrowserPeer:
    """A browser whose subclass starts it and makes `page`, a tab."""

    name: str
    version: str
    page: Page

    async def connection(self) -> BrowserConnection:
        # A page of its own for each connection: what an earlier case left behind goes away with its page.
        await self.page.goto("about:blank")
        handle = await self.page.call(f"() => {{\n{PUPPET}();\nreturn puppet.connection();\n}}")
        return BrowserConnection(self.page, handle)

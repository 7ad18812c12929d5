# SPDX-License-Identifier: Apache-2.0
"""The verbs of a peer, carried out in a browser's page by puppet.js."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..media.meter import Seen
from ..media.pattern import Reading
from ..media.section import Section
from .base import Unsupported, dtls_name
from .media import MediaConnection

# Each is one expression: a function that installs its part of the puppet.
PUPPET, PUPPET_MEDIA = ((Path(__file__).parent / name).read_text() for name in ("puppet.js", "puppet_media.js"))


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


class BrowserConnection(MediaConnection):
    def __init__(self, page: Page, handle: int) -> None:
        super().__init__()
        self.page = page
        self.handle = handle
        self.has_media = False

    @property
    def tone_codec(self) -> str:
        return getattr(self.page, "tone_codec", "opus")

    async def _do(self, verb: str, *arguments: Any) -> Any:
        return await self.page.call(f"(...a) => puppet.{verb}(...a)", self.handle, *arguments)

    async def _do_media(self, verb: str, *arguments: Any) -> Any:
        if not self.has_media:
            await self.page.call(f"() => {{\n{PUPPET_MEDIA}();\n}}")
            self.has_media = True
        try:
            return await self._do(verb, *arguments)
        except Exception as error:
            _, found, reason = str(error).partition("UNSUPPORTED ")
            if found:
                raise Unsupported(reason.splitlines()[0]) from error
            raise

    async def add(self, sections: Sequence[Section]) -> None:
        await self._do_media("add", [section.json() for section in sections])

    async def answer_media(self, offer: str, sections: Sequence[Section]) -> str:
        return await self._do_media("answerMedia", offer, [section.json() for section in sections])

    async def mid(self, index: int) -> str:
        return await self._do_media("mid", index)

    async def seen(self, index: int) -> list[Seen]:
        return [
            Seen(Reading(one["kind"], one["counter"], one["mirrored"]), one["at"], one["painted"], one["width"], one["height"])
            for one in await self._do_media("seen", index)
        ]

    async def window(self, index: int) -> tuple[np.ndarray, int]:
        window = await self._do_media("window", index)
        return np.frombuffer(base64.b64decode(window["samples"]), np.int16) / 32768, int(window["rate"])

    async def set_enabled(self, index: int, on: bool) -> None:
        await self._do_media("setEnabled", index, on)

    async def replace_track(self, index: int, change: dict[str, int] | None) -> None:
        await self._do_media("replaceTrack", index, change)

    async def remove(self, index: int) -> None:
        await self._do_media("remove", index)

    async def insert_dtmf(self, index: int, tones: str) -> None:
        await self._do_media("insertDTMF", index, tones)

    async def request_key_frame(self, index: int) -> None:
        await self._do_media("requestKeyFrame", index)

    async def restart_ice(self) -> None:
        await self._do_media("restartIce")

    async def credentials(self) -> tuple[str, str]:
        return tuple(await self._do_media("credentials"))

    async def stats(self) -> list[dict[str, Any]]:
        return await self._do_media("stats")

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

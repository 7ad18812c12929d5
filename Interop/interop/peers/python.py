# SPDX-License-Identifier: Apache-2.0
"""The part that the two Python peers share: queues of messages, pacing, and checking of bulk data."""

from __future__ import annotations

import asyncio
import os
from typing import Any

HIGH_WATER = 1 << 20
LOW_WATER = 256 << 10


class PythonChannel:
    """A data channel with camelCase members. Its library's events are fed in by the subclass."""

    def __init__(self, channel: Any) -> None:
        self.channel = channel
        self._opened = asyncio.Event()
        self._closed = asyncio.Event()
        self._low = asyncio.Event()
        self._messages: asyncio.Queue[str | bytes] = asyncio.Queue()
        channel.bufferedAmountLowThreshold = LOW_WATER
        if channel.readyState == "open":
            self._opened.set()

    def did_open(self) -> None:
        self._opened.set()

    def did_close(self) -> None:
        self._closed.set()
        self._low.set()

    def did_receive(self, data: str | bytes) -> None:
        self._messages.put_nowait(data)

    def did_drain(self) -> None:
        self._low.set()

    async def opened(self) -> None:
        opened = asyncio.ensure_future(self._opened.wait())
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({opened, closed}, return_when=asyncio.FIRST_COMPLETED)
            if not self._opened.is_set():
                raise RuntimeError(f"channel {self.channel.label!r} closed before it was open")
        finally:
            opened.cancel()
            closed.cancel()

    async def closed(self) -> None:
        await self._closed.wait()

    async def close(self) -> None:
        self.channel.close()

    async def send(self, message: str | bytes) -> None:
        self.channel.send(message)

    async def receive(self) -> str | bytes:
        return await self._messages.get()

    async def _paced(self, message: bytes) -> None:
        while self.channel.bufferedAmount > HIGH_WATER:
            self._low.clear()
            if self._closed.is_set():
                raise RuntimeError("channel closed while sending")
            await self._low.wait()
        self.channel.send(message)

    async def upload(self, total: int, size: int) -> None:
        for start in range(0, total, size):
            await self._paced(bytes(min(size, total - start)))
            await asyncio.sleep(0)

    async def download(self, total: int) -> None:
        count = 0
        while count < total:
            message = await self.receive()
            if isinstance(message, str):
                raise RuntimeError(f"text {message[:80]!r} among the binary messages")
            count += len(message)
        if count != total:
            raise RuntimeError(f"{count} bytes came instead of {total}")

    async def echo(self, total: int, size: int) -> None:
        body = os.urandom(size - 4)

        async def send() -> None:
            for index in range(total // size):
                await self._paced(index.to_bytes(4, "little") + body)
                await asyncio.sleep(0)

        async def check() -> None:
            for index in range(total // size):
                if await self.receive() != index.to_bytes(4, "little") + body:
                    raise RuntimeError(f"message {index} came back changed")

        await asyncio.gather(send(), check())


class PythonConnection:
    """Keeps the channels that the other side announced until a case asks for them."""

    def __init__(self) -> None:
        self._announced: asyncio.Queue[PythonChannel] = asyncio.Queue()
        self._settled = asyncio.Event()
        self.state = "new"

    def did_change_state(self, state: str) -> None:
        self.state = str(state)
        if self.state in ("connected", "failed", "closed"):
            self._settled.set()

    def did_announce(self, channel: PythonChannel) -> None:
        self._announced.put_nowait(channel)

    async def connected(self) -> None:
        await self._settled.wait()
        if self.state != "connected":
            raise RuntimeError(f"connectionState became {self.state}")

    async def incoming(self, label: str) -> PythonChannel:
        channel = await self._announced.get()
        if channel.channel.label != label:
            raise RuntimeError(f"channel {channel.channel.label!r} was announced, not {label!r}")
        return channel

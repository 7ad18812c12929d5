# SPDX-License-Identifier: Apache-2.0
"""One connection between a peer and the server, and the signaling that makes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from .peers.base import Channel, Connection

OFFERER = "offerer"
ANSWERER = "answerer"
ROLES = [OFFERER, ANSWERER]


class Session:
    """Connects when the first channel is opened, so that an offerer has something to offer."""

    def __init__(self, connection: Connection, role: str, http: aiohttp.ClientSession) -> None:
        self.connection = connection
        self.role = role
        self.http = http
        self.id: str | None = None
        self.offer = ""
        self.step = "starting"  # what a time-out interrupted
        self.facts: dict[str, Any] = {}  # told with the outcome

    async def open(self, label: str, **options: Any) -> Channel:
        """Opens a channel, connecting first if need be, and returns it when it is open."""
        (channel,) = await self.open_all([label], **options)
        return channel

    async def open_all(self, labels: list[str], **options: Any) -> list[Channel]:
        if self.role == ANSWERER and self.id is None:
            await self.connect_as_answerer({}, self.connection.answer)
        channels = [await self.connection.create(label, **options) for label in labels]
        if self.id is None:
            await self.connect_as_offerer({})
        self.step = f"opening {', '.join(map(repr, labels[:3]))}"
        await asyncio.gather(*(channel.opened() for channel in channels))
        self.step = f"talking on {labels[0]!r}"
        return channels

    async def announced(self, label: str) -> Channel:
        """The channel that the server opens where it is the offerer."""
        if self.id is None:
            await self.connect_as_answerer({}, self.connection.answer)
        self.step = f"waiting for the server's channel {label!r}"
        channel = await self.connection.incoming(label)
        await channel.opened()
        self.step = f"talking on {label!r}"
        return channel

    async def connect_as_offerer(self, wishes: dict[str, Any]) -> None:
        """The peer offers. `wishes` go to the server with the offer."""
        self.step = "making the offer"
        self.offer = await self.connection.offer()
        self.step = "waiting for the answer"
        answer = await self.post("offer", {"type": "offer", "sdp": self.offer, **wishes})
        if answer.get("type") != "answer":
            raise RuntimeError(f"POST /offer gave the type {answer.get('type')!r}")
        self.id = answer["id"]
        await self.connection.accept(answer["sdp"])
        self.step = "connecting"
        await self.connection.connected()

    async def connect_as_answerer(self, wishes: dict[str, Any], answer: Callable[[str], Awaitable[str]]) -> None:
        """The server offers, as `wishes` say; `answer` makes the peer's answer to it."""
        self.step = "waiting for the offer"
        offer = await self.post("session", wishes)
        if offer.get("type") != "offer":
            raise RuntimeError(f"POST /session gave the type {offer.get('type')!r}")
        self.id = offer["id"]
        sdp = await answer(offer["sdp"])
        self.step = "sending the answer"
        await self.post(f"session/{self.id}/answer", {"type": "answer", "sdp": sdp})
        self.step = "connecting"
        await self.connection.connected()

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.http.post(f"/{path}", json=body) as response:
            if response.status == 204:
                return {}
            text = await response.text()
            if response.status != 200:
                raise RuntimeError(f"POST /{path} gave {response.status}: {text[:300]}")
            return await response.json()

    async def state_at_server(self) -> str | None:
        """The connection's state as the server tells it, or None where it has forgotten the session."""
        async with self.http.get("/sessions") as response:
            for entry in await response.json():
                if entry["id"] == self.id:
                    return entry["connectionState"]
        return None

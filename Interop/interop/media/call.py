# SPDX-License-Identifier: Apache-2.0
"""A session with media: how it begins, how it is renegotiated, and what the server is asked to do in it."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from ..peers.base import Unsupported
from ..session import OFFERER, Session
from . import meter
from .section import Section

# Set while the harness is tested with its own server, which alone may lack something.
REFERENCE = bool(os.environ.get("INTEROP_REFERENCE"))


class Call:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.connection = session.connection
        self.role = session.role
        self.sections: list[Section] = []

    async def start(self, *sections: Section, **server: Any) -> None:
        """Connects with these sections. `server` is added to the request: see README.md."""
        if not hasattr(self.connection, "add"):
            raise Unsupported("this peer has no media here")
        self.sections = list(sections)
        session = self.session
        if self.role == OFFERER:
            await self.connection.add(sections)
            await session.connect_as_offerer(server)
        else:
            codecs = list(dict.fromkeys(section.codec for section in sections))
            request = {"media": [section.kind for section in sections], "codecs": codecs, **server}
            await session.connect_as_answerer(request, lambda sdp: self.connection.answer_media(sdp, sections))
        session.step = "waiting for media"
        await self.connection.started()

    async def ask(self, **request: Any) -> dict[str, Any]:
        """Asks the server to do something in this session, and returns its answer."""
        self.session.step = f"waiting for the server to do {request}"
        answer = await self._post("control", request)
        self.session.step = f"waiting for the effect of {request}"
        return answer

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self.session.post(f"session/{self.session.id}/{path}", body)
        except RuntimeError as error:
            _, found, reason = str(error).partition("unsupported: ")
            if REFERENCE and found:
                raise Unsupported("reference server: " + reason.partition('"')[0]) from error
            raise

    async def renegotiate(self) -> None:
        """The peer offers again."""
        self.session.step = "offering again"
        answer = await self._post("offer", {"type": "offer", "sdp": await self.connection.offer()})
        await self.connection.accept(answer["sdp"])
        self.session.step = "waiting for media after a further offer"

    async def follow(self, offer: dict[str, Any], *sections: Section) -> None:
        """Answers an offer that the server has made during the session; `sections` are the new ones in it."""
        if offer.get("type") != "offer":
            raise RuntimeError(f"the server sent {offer} instead of an offer")
        self.session.step = "answering the server's offer"
        sdp = await self.connection.answer_media(offer["sdp"], sections)
        self.sections += sections
        await self._post("answer", {"type": "answer", "sdp": sdp})
        self.session.step = "waiting for media after the server's further offer"

    async def add(self, section: Section) -> int:
        """A further section: the offerer of the session offers it. Returns its index."""
        if self.role == OFFERER:
            await self.connection.add([section])
            self.sections.append(section)
            await self.renegotiate()
        else:
            await self.follow(await self.ask(do="add", kind=section.kind), section)
        return len(self.sections) - 1

    async def remove(self, index: int) -> None:
        """Ends a section; the offerer of the session says so."""
        if self.role == OFFERER:
            await self.connection.remove(index)
            await self.renegotiate()
        else:
            await self.follow(await self.ask(do="remove", mid=await self.connection.mid(index)))

    async def restart_ice(self) -> None:
        """New ICE credentials, by the offerer of the session."""
        if self.role == OFFERER:
            await self.connection.restart_ice()
            await self.renegotiate()
        else:
            await self.follow(await self.ask(do="restartIce"))

    async def report(self, index: int) -> dict[str, Any]:
        """What the server says of the media that it receives in a section."""
        mid = await self.connection.mid(index)
        for entry in (await self.ask(do="report"))["report"]:
            if entry["mid"] == mid:
                return entry
        raise RuntimeError(f"the server's report has no entry for mid {mid!r}")

    async def reported(self, index: int, wanted: Any) -> dict[str, Any]:
        """Waits until the server's entry for a section makes `wanted` true."""
        while True:
            entry = await self.report(index)
            if wanted(entry):
                self.connection.notes.pop("the server's report", None)
                return entry
            self.connection.notes["the server's report"] = json.dumps(entry)
            await asyncio.sleep(0.1)

    async def arrives(self, index: int, own: bool | None = None, **changes: Any) -> dict[str, Any]:
        """Waits until the peer receives what a section must bring: its own media back, or the server's pattern."""
        section = self.sections[index]
        if own is None:
            own = section.sends
        if section.kind == "video":
            low, high = (section.start, meter.SERVER_START) if own else (meter.SERVER_START, 0x10000)
            return await meter.pictures(self.connection, index, **{"low": low, "high": high, **changes})
        hertz = section.hertz if own else meter.SERVER_HERTZ
        return await meter.tone(self.connection, index, changes.get("hertz", hertz))

    async def reaches_server(self, index: int) -> dict[str, Any]:
        """Waits until the server says that it receives what the peer sends in a section."""
        section = self.sections[index]
        if section.kind == "video":
            entry = await self.reported(index, lambda entry: entry.get("frames", 0) >= 12)
            if entry["backwards"] or not section.start <= entry["counter"] < meter.SERVER_START:
                raise AssertionError(f"the server saw {entry}")
            return {"frames": entry["frames"]}

        def right(entry: dict[str, Any]) -> bool:
            hertz, decibel = entry.get("hertz") or 0, entry.get("decibel") or -120
            return abs(hertz - section.hertz) <= 0.02 * section.hertz and abs(decibel - meter.pattern.LEVEL) <= 3

        entry = await self.reported(index, right)
        return {"hertz": round(entry["hertz"], 1), "decibel": round(entry["decibel"], 1)}

    async def codec(self, index: int) -> str | None:
        """The codec that the server received last in a section."""
        return (await self.report(index)).get("codec")

    async def srtp(self) -> str | None:
        """The SRTP cipher as the peer's statistics name it."""
        for entry in await self.connection.stats():
            if entry.get("type") == "transport" and entry.get("srtpCipher"):
                return entry["srtpCipher"]
        return None

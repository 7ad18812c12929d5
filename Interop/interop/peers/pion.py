# SPDX-License-Identifier: Apache-2.0
"""Pion: a Go program (../../pion/main.go) that is driven by lines of JSON, with codecs from here."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..media import pattern
from ..media.codecs import AUDIO_SECONDS, AudioDecoder, AudioEncoder, VideoDecoder, VideoEncoder
from ..media.meter import Seen
from ..media.section import Section
from ..media.sources import Ear, Eye, Picture, Tone
from .base import Unsupported
from .media import MediaConnection
from .python import PythonChannel

PROGRAM = Path(__file__).resolve().parents[2] / ".venv" / "pion"


class Program:
    """The process: requests with their answers, and events for the newest connection."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.last = 0
        self.waiting: dict[int, asyncio.Future[Any]] = {}
        self.listeners: dict[int, PionConnection] = {}
        self.reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while line := await self.process.stdout.readline():
            message = json.loads(line)
            if "event" in message:
                if listener := self.listeners.get(message.get("connection")):
                    listener.did_get(message)
                continue
            future = self.waiting.pop(message["id"])
            if future.done():
                continue
            if "error" in message:
                future.set_exception(RuntimeError(message["error"]))
            else:
                future.set_result(message["result"])
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(RuntimeError("the program ended"))

    def tell(self, do: str, **members: Any) -> None:
        """A request whose answer nobody needs."""
        self.process.stdin.write(json.dumps({"do": do, **members}).encode() + b"\n")

    async def ask(self, do: str, **members: Any) -> Any:
        self.last += 1
        future = self.waiting[self.last] = asyncio.get_running_loop().create_future()
        self.tell(do, id=self.last, **members)
        return await future


class PionChannel:
    """What PythonChannel needs of a library's channel."""

    def __init__(self, connection: PionConnection, label: str) -> None:
        self.connection = connection
        self.label = label
        self.readyState = "connecting"
        self.bufferedAmount = 0
        self.bufferedAmountLowThreshold = 0

    def send(self, text: str) -> None:
        self.connection.tell("send", label=self.label, text=text)


class PionSection:
    def __init__(self, connection: PionConnection, index: int, section: Section) -> None:
        self.connection = connection
        self.index = index
        self.section = section
        self.enabled = True
        self.source: Picture | Tone | None = None
        self.encoder: VideoEncoder | AudioEncoder | None = None
        self.writer: asyncio.Task[None] | None = None
        self.decoder = (VideoDecoder if section.kind == "video" else AudioDecoder)(section.codec)
        self.eye = Eye(lambda counter: self.source and self.source.painted.get(counter))
        self.ear = Ear()
        self.key_frame_requests = 0
        self.digits = ""
        self.event = -1

    def start(self, section: Section | None) -> None:
        """Sends from now on what the section says, or nothing."""
        if self.writer:
            self.writer.cancel()
        self.source = None
        if section is None:
            return
        if section.kind == "video":
            self.source, self.encoder = Picture(section.start), VideoEncoder(section.codec)
        else:
            self.encoder = AudioEncoder(section.codec)
            self.source = Tone(section.hertz, self.encoder.rate)
        self.writer = asyncio.create_task(self._write(section))

    async def _write(self, section: Section) -> None:
        period = 1 / pattern.FRAMES_PER_SECOND if section.kind == "video" else AUDIO_SECONDS
        began = time.monotonic()
        count = 0
        while True:
            await asyncio.sleep(began + count * period - time.monotonic())
            count += 1
            if section.kind == "video":
                frames = [self.encoder.encode(self.source.next())]
            else:
                frames = self.encoder.encode(self.source.next(self.encoder.samples))
            for data in frames:
                text = base64.b64encode(data).decode()
                self.connection.tell("write", index=self.index, data=text, duration=period)

    def did_get_frame(self, codec: str, data: bytes) -> None:
        wanted = self.section.codec.lower()
        if not codec.lower().endswith(wanted):
            self.connection.notes["codec"] = f"{codec} came instead of {wanted}"
        elif self.section.kind == "video":
            for luma in self.decoder.decode(data):
                self.eye.look(luma)
        else:
            for samples in self.decoder.decode(data):
                self.ear.hear(samples, self.decoder.rate)

    def did_get_telephone_event(self, data: bytes, timestamp: int) -> None:
        """RFC 4733: every packet of an event has the timestamp of its beginning."""
        if len(data) >= 4 and timestamp != self.event:
            self.event = timestamp
            self.digits += "0123456789*#ABCD"[data[0] & 15]

    def stop(self) -> None:
        if self.writer:
            self.writer.cancel()


class PionConnection(MediaConnection):
    jumps = True

    def __init__(self, program: Program, number: int) -> None:
        super().__init__()
        self.program = program
        self.number = number
        self.state = "new"
        self.settled = asyncio.Event()
        self.sections: list[PionSection] = []
        self.channels: dict[str, PythonChannel] = {}
        self.profile = ""
        self.made = False

    def tell(self, do: str, **members: Any) -> None:
        self.program.tell(do, connection=self.number, **members)

    async def ask(self, do: str, **members: Any) -> Any:
        if not self.made:
            self.made = True
            self.program.listeners[self.number] = self
            await self.program.ask("connection", connection=self.number, profile=self.profile)
        return await self.program.ask(do, connection=self.number, **members)

    def did_get(self, event: dict[str, Any]) -> None:
        name = event["event"]
        if name == "state":
            self.state = event["state"]
            if self.state in ("connected", "failed", "closed"):
                self.settled.set()
        elif name in ("open", "close", "message"):
            if channel := self.channels.get(event["label"]):
                {"open": channel.did_open, "close": channel.did_close, "message": lambda: channel.did_receive(event["text"])}[name]()
        elif 0 <= event["index"] < len(self.sections):
            section = self.sections[event["index"]]
            if name == "keyframe":
                section.key_frame_requests += 1
                if isinstance(section.encoder, VideoEncoder):
                    section.encoder.wants_key_frame = True
            elif name == "frame":
                section.did_get_frame(event["codec"], base64.b64decode(event["data"]))
            elif name == "telephone":
                section.did_get_telephone_event(base64.b64decode(event["data"]), event["timestamp"])

    def _keep(self, sections: Sequence[Section]) -> list[dict[str, Any]]:
        for section in sections:
            self.sections.append(PionSection(self, len(self.sections), section))
        return [section.json() for section in sections]

    async def add(self, sections: Sequence[Section]) -> None:
        await self.ask("add", sections=self._keep(sections))

    async def answer_media(self, offer: str, sections: Sequence[Section]) -> str:
        if re.search(r"(?m)^m=\w+ 0 ", offer):
            raise Unsupported("Pion v3 names a rejected section in the BUNDLE group of its answer")
        answer = await self.ask("answer", sdp=offer, sections=self._keep(sections))
        self._start_new()
        # Pion has no way to answer `sendonly`.
        parts = re.split(r"(?m)^(?=m=)", answer)
        media = [index for index, part in enumerate(parts) if part.startswith(("m=audio", "m=video"))]
        for part, entry in zip(media, self.sections, strict=False):
            if entry.section.direction == "sendonly":
                parts[part] = parts[part].replace("a=sendrecv", "a=sendonly")
        return "".join(parts)

    def _start_new(self) -> None:
        for entry in self.sections:
            if entry.section.sends and entry.writer is None:
                entry.start(entry.section)

    async def offer(self) -> str:
        return await self.ask("offer")

    async def accept(self, answer: str) -> None:
        await self.ask("accept", sdp=answer)
        self._start_new()

    async def connected(self) -> None:
        await self.settled.wait()
        if self.state != "connected":
            raise RuntimeError(f"connectionState became {self.state}")

    async def create(self, label: str, **options: Any) -> PythonChannel:
        channel = self.channels[label] = PythonChannel(PionChannel(self, label))
        await self.ask("channel", label=label)
        return channel

    async def mid(self, index: int) -> str:
        return await self.ask("mid", index=index)

    async def seen(self, index: int) -> list[Seen]:
        return self.sections[index].eye.take()

    async def window(self, index: int) -> tuple[np.ndarray, int]:
        return self.sections[index].ear.window()

    async def set_enabled(self, index: int, on: bool) -> None:
        # It has no tracks with `enabled`: the source does what that would do.
        self.sections[index].source.enabled = on

    async def replace_track(self, index: int, change: dict[str, int] | None) -> None:
        entry = self.sections[index]
        entry.start(None)
        await self.ask("replace", index=index, on=change is not None)
        if change is not None:
            entry.start(dataclasses.replace(entry.section, **change))

    async def remove(self, index: int) -> None:
        self.sections[index].start(None)
        await self.ask("remove", index=index)

    async def insert_dtmf(self, index: int, tones: str) -> None:
        raise Unsupported("Pion v3 has no DTMF sender")

    async def heard_dtmf(self, index: int, tones: str) -> None:
        while self.sections[index].digits != tones:
            self.notes["digits"] = self.sections[index].digits
            await asyncio.sleep(0.05)

    async def request_key_frame(self, index: int) -> None:
        await self.ask("keyframe", index=index)

    async def restart_ice(self) -> None:
        await self.ask("restart")

    async def credentials(self) -> tuple[str, str]:
        local, remote = (re.search(r"a=ice-ufrag:(\S+)", sdp)[1] for sdp in await self.ask("descriptions"))
        return local, remote

    async def limit_srtp(self, profile: str) -> None:
        self.profile = profile

    async def stats(self) -> list[dict[str, Any]]:
        return [
            {"type": "outbound-rtp", "kind": entry.section.kind, "pliCount": entry.key_frame_requests}
            for entry in self.sections
        ] + ([{"type": "transport", "srtpCipher": self.profile}] if self.profile else [])

    async def dtls_version(self) -> str | None:
        return None

    async def close(self) -> None:
        for entry in self.sections:
            entry.stop()
        if self.made:
            await self.ask("close")
        self.program.listeners.pop(self.number, None)


class PionPeer:
    name = "pion"
    version = "v3"

    def __init__(self) -> None:
        self.stack = contextlib.AsyncExitStack()
        self.number = 0

    async def start(self) -> None:
        process = await asyncio.create_subprocess_exec(
            PROGRAM, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24
        )
        self.program = Program(process)
        self.stack.push_async_callback(self._end)

    async def _end(self) -> None:
        self.program.process.stdin.close()  # its end of input
        await self.program.process.wait()

    async def connection(self) -> PionConnection:
        self.number += 1
        return PionConnection(self.program, self.number)

    async def stop(self) -> None:
        await self.stack.aclose()

# SPDX-License-Identifier: Apache-2.0
"""The contract of `rtc serve`, fulfilled with aiortc: what the harness tests itself against."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import secrets
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import web
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription

from interop.peers.aiortc_peer import only_loopback
from reference_media import MODES, TRANSFORMS, Media, accept_rsa

RESOURCES = Path(__file__).resolve().parents[1] / "Sources" / "RTCCommand" / "Resources"
BODY_LIMIT = 256 << 10
FILE_LIMIT = 64 << 20
CHUNK = 16 << 10
HIGH_WATER = 1 << 20


class Behaviour:
    """What a channel does, by its label."""

    def __init__(self, channel: RTCDataChannel) -> None:
        self.channel = channel
        self.low = asyncio.Event()
        self.total = 0
        self.meta: dict[str, Any] = {}
        self.file = bytearray()
        self.task: asyncio.Task[None] | None = None
        channel.bufferedAmountLowThreshold = HIGH_WATER // 4
        channel.on("bufferedamountlow", self.low.set)
        channel.on("close", self.close)
        for prefix in ("echo", "chat", "close", "sink", "source", "file"):
            if channel.label.startswith(prefix):
                channel.on("message", getattr(self, prefix + "_message"))
                break

    def close(self) -> None:
        if self.task:
            self.task.cancel()

    def echo_message(self, message: str | bytes) -> None:
        self.channel.send(message)

    def chat_message(self, message: str | bytes) -> None:
        if isinstance(message, str) and message.startswith("ping"):
            self.channel.send("pong" + message[4:])

    def close_message(self, message: str | bytes) -> None:
        self.channel.close()

    def sink_message(self, message: str | bytes) -> None:
        if message == "total":
            self.channel.send(str(self.total))
        elif isinstance(message, bytes):
            self.total += len(message)

    def source_message(self, message: str | bytes) -> None:
        if isinstance(message, str) and message.isascii() and message.isdigit():
            self.then(self.send_bytes(memoryview(bytes(CHUNK)), int(message)))

    def file_message(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            if self.channel.readyState != "open":
                return  # refused below; what was under way still comes
            if len(self.file) + len(message) > self.meta.get("size", 0):
                return self.refuse("more bytes than announced")
            self.file += message
        elif message == "end":
            digest = hashlib.sha256(self.file).hexdigest()
            self.channel.send(json.dumps({"received": len(self.file), "sha256": digest}))
        else:
            request = json.loads(message)
            if not request.get("get"):
                self.meta, self.file = request, bytearray()
                if request["size"] > FILE_LIMIT:
                    self.refuse(f"a file may have {FILE_LIMIT >> 20} MiB")
            elif not self.meta:
                self.channel.send(json.dumps({"error": "no file has come yet"}))
            else:
                self.then(self.send_file())

    def refuse(self, reason: str) -> None:
        self.channel.send(json.dumps({"error": reason}))
        self.channel.close()

    async def send_file(self) -> None:
        self.channel.send(json.dumps(self.meta))
        await self.send_bytes(memoryview(bytes(self.file)), len(self.file))
        self.channel.send("end")

    async def send_bytes(self, data: memoryview, count: int) -> None:
        """Sends `count` bytes of `data`, which is read again from its start when it ends."""
        start = 0
        while count > 0:
            if self.channel.bufferedAmount > HIGH_WATER:
                self.low.clear()
                await self.low.wait()
            piece = bytes(data[start : start + min(CHUNK, count)])
            self.channel.send(piece)
            count -= len(piece)
            start = (start + len(piece)) % len(data)

    def then(self, work: Any) -> None:
        """Starts `work` when the work before it has ended."""
        before = self.task

        async def both() -> None:
            if before:
                await before
            await work

        self.task = asyncio.create_task(both())


class Sessions:
    def __init__(self) -> None:
        self.connections: dict[str, RTCPeerConnection] = {}
        self.media: dict[str, Media] = {}

    def make(self, wishes: dict[str, Any]) -> tuple[str, RTCPeerConnection]:
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        session = secrets.token_hex(8)
        media = self.media[session] = Media(pc, wishes)

        def changed() -> None:
            if pc.connectionState in ("closed", "failed"):
                media.stop()

        pc.on("datachannel", lambda channel: Behaviour(channel) and None)
        pc.on("connectionstatechange", changed)
        self.connections[session] = pc
        return session, pc

    async def remote(self, session: str, body: dict[str, Any]) -> None:
        try:
            await self.connections[session].setRemoteDescription(RTCSessionDescription(body["sdp"], body["type"]))
        except Exception as error:  # aiortc throws whatever its parser stumbled over
            raise refuse(f"cannot use this description: {error or type(error).__name__}") from error

    async def offer(self, request: web.Request) -> web.Response:
        body = await description(request, "offer")
        session, pc = self.make(wishes(body))
        try:
            await self.remote(session, body)
            if not pc.sctp and not pc.getTransceivers():
                raise refuse("the offer has no section to answer")
        except web.HTTPException:
            del self.connections[session]
            await pc.close()
            raise
        media = self.media[session]
        media.prepare_answer()
        await pc.setLocalDescription()
        media.settle()
        return web.json_response({"type": "answer", "sdp": pc.localDescription.sdp, "id": session})

    async def session(self, request: web.Request) -> web.Response:
        try:
            body = wishes(await request.json() if await request.text() else {})
        except ValueError as error:
            raise refuse(f"not JSON: {error}") from error
        session, pc = self.make(body)
        for kind in body.get("media", []):
            self.media[session].add(kind)
        Behaviour(pc.createDataChannel("echo"))
        await pc.setLocalDescription()
        return web.json_response({"type": "offer", "sdp": pc.localDescription.sdp, "id": session})

    async def answer(self, request: web.Request) -> web.Response:
        session = request.match_info["id"]
        if session not in self.connections:
            raise refuse("no such session", web.HTTPNotFound)
        await self.remote(session, await description(request, "answer"))
        self.media[session].settle()
        return web.Response(status=204)

    async def further_offer(self, request: web.Request) -> web.Response:
        media = self._media(request)
        body = await description(request, "offer")
        try:
            return web.json_response({"type": "answer", "sdp": await media.answer(body["sdp"])})
        except Exception as error:  # as above
            raise refuse(f"cannot use this offer: {error or type(error).__name__}") from error

    async def control(self, request: web.Request) -> web.Response:
        media = self._media(request)
        try:
            return web.json_response(await media.control(await request.json()), dumps=lambda value: json.dumps(value, default=str))
        except Exception as error:  # whatever was missing in the request
            raise refuse(f"{type(error).__name__}: {error}") from error

    def _media(self, request: web.Request) -> Media:
        session = request.match_info["id"]
        if session not in self.media:
            raise refuse("no such session", web.HTTPNotFound)
        return self.media[session]

    async def list(self, request: web.Request) -> web.Response:
        rows = [{"id": session, "connectionState": pc.connectionState} for session, pc in self.connections.items()]
        return web.json_response(rows)

    async def close(self) -> None:
        await asyncio.gather(*(pc.close() for pc in self.connections.values()))


def refuse(reason: str, kind: type[web.HTTPException] = web.HTTPBadRequest) -> web.HTTPException:
    return kind(text=json.dumps({"error": reason}), content_type="application/json")


async def description(request: web.Request, kind: str) -> dict[str, Any]:
    try:
        text = await request.text()
    except web.HTTPRequestEntityTooLarge:
        raise web.HTTPRequestEntityTooLarge(
            BODY_LIMIT, 0, text=json.dumps({"error": "more than 256 KiB"}), content_type="application/json"
        ) from None
    try:
        body = json.loads(text)
    except ValueError as error:
        raise refuse(f"not JSON: {error}") from error
    if not isinstance(body, dict) or not isinstance(body.get("sdp"), str) or body.get("type") != kind:
        raise refuse(f'wanted {{"type": "{kind}", "sdp": …}}')
    return body


def wishes(body: dict[str, Any]) -> dict[str, Any]:
    """Refuses what the media half does not know."""
    for name, known in (("video_transform", TRANSFORMS), ("mode", MODES)):
        if body.get(name, known[0]) not in known:
            raise refuse(f"{name} is one of {', '.join(known)}")
    if any(kind not in ("audio", "video") for kind in body.get("media", [])):
        raise refuse("media is a list of audio and video")
    return body


async def page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(RESOURCES / "index.html")


async def script(request: web.Request) -> web.FileResponse:
    return web.FileResponse(RESOURCES / "call.js")


async def main() -> None:
    only_loopback()
    accept_rsa()
    sessions = Sessions()
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_get("/", page)
    app.router.add_get("/call.js", script)
    app.router.add_post("/offer", sessions.offer)
    app.router.add_post("/session", sessions.session)
    app.router.add_post("/session/{id}/answer", sessions.answer)
    app.router.add_post("/session/{id}/offer", sessions.further_offer)
    app.router.add_post("/session/{id}/control", sessions.control)
    app.router.add_get("/sessions", sessions.list)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    await site.start()
    host, port = runner.addresses[0]
    print(f"Listening on http://{host}:{port}/", flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3):
            await sessions.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())

# SPDX-License-Identifier: Apache-2.0
"""libwebrtc without a browser, through the bindings of the package wrtc."""

from __future__ import annotations

import asyncio
import importlib.metadata
import re
from typing import Any

import webrtc

from .base import dtls_name
from .libwebrtc_media import LibwebrtcMedia
from .python import PythonChannel, PythonConnection


def wrapped(channel: webrtc.RTCDataChannel) -> PythonChannel:
    channel.binaryType = "arraybuffer"
    wrapper = PythonChannel(channel)
    channel.on("open", lambda _: wrapper.did_open())
    channel.on("close", lambda _: wrapper.did_close())
    channel.on("message", lambda event: wrapper.did_receive(event.data))
    channel.on("bufferedamountlow", lambda _: wrapper.did_drain())
    return wrapper


class LibwebrtcConnection(PythonConnection, LibwebrtcMedia):
    def __init__(self) -> None:
        PythonConnection.__init__(self)
        LibwebrtcMedia.__init__(self)
        self.pc = webrtc.RTCPeerConnection()
        self._gathered = asyncio.Event()
        self.pc.on("connectionstatechange", lambda _: self.did_change_state(self.pc.connectionState.value))
        self.pc.on("datachannel", lambda event: self.did_announce(wrapped(event.channel)))
        self.pc.on("icegatheringstatechange", lambda _: self._note_gathering())

    def _note_gathering(self) -> None:
        if self.pc.iceGatheringState == "complete":
            self._gathered.set()

    async def _local(self) -> str:
        await self.pc.setLocalDescription()
        await self._gathered.wait()
        # After an ICE restart, the state is still that of the first gathering.
        while "\na=candidate" not in self.pc.localDescription.sdp:
            await asyncio.sleep(0.002)
        return self.pc.localDescription.sdp

    async def offer(self) -> str:
        return await self._local()

    async def accept(self, answer: str) -> None:
        await self.pc.setRemoteDescription(webrtc.RTCSessionDescriptionInit(type="answer", sdp=answer))

    async def answer(self, offer: str) -> str:
        await self.pc.setRemoteDescription(webrtc.RTCSessionDescriptionInit(type="offer", sdp=offer))
        return await self._local()

    async def create(self, label: str, **options: Any) -> PythonChannel:
        return wrapped(self.pc.createDataChannel(label, webrtc.RTCDataChannelInit(**snake_case(options))))

    async def dtls_version(self) -> str | None:
        for entry in (await self.pc.getStats()).values():
            if entry.type == "transport":
                return dtls_name(entry.tls_version)
        return None

    async def close(self) -> None:
        self.close_media()
        self.pc.close()


def snake_case(options: dict[str, Any]) -> dict[str, Any]:
    return {re.sub("([A-Z])", lambda match: "_" + match[1].lower(), name): value for name, value in options.items()}


class LibwebrtcPeer:
    name = "libwebrtc"

    def __init__(self) -> None:
        summary = importlib.metadata.metadata("wrtc")["Summary"]
        milestone = re.search(r"M\d+", summary)
        self.version = milestone[0] if milestone else importlib.metadata.version("wrtc")

    async def start(self) -> None:
        webrtc.allow_loopback()

    async def connection(self) -> LibwebrtcConnection:
        return LibwebrtcConnection()

    async def stop(self) -> None:
        pass

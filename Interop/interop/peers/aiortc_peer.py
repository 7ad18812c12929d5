# SPDX-License-Identifier: Apache-2.0
"""aiortc: a complete stack in Python."""

from __future__ import annotations

from typing import Any

import aioice.ice
import aiortc

from .aiortc_media import AiortcMedia
from .base import Unsupported
from .python import PythonChannel, PythonConnection


def only_loopback() -> None:
    """Makes aioice gather 127.0.0.1, which it leaves out, and nothing else."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


def wrapped(channel: aiortc.RTCDataChannel) -> PythonChannel:
    wrapper = PythonChannel(channel)
    channel.on("open", wrapper.did_open)
    channel.on("close", wrapper.did_close)
    channel.on("message", wrapper.did_receive)
    channel.on("bufferedamountlow", wrapper.did_drain)
    return wrapper


class AiortcConnection(PythonConnection, AiortcMedia):
    def __init__(self) -> None:
        PythonConnection.__init__(self)
        AiortcMedia.__init__(self)
        # No servers: None would mean a public STUN server.
        self.pc = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
        self.pc.on("connectionstatechange", lambda: self.did_change_state(self.pc.connectionState))
        self.pc.on("datachannel", lambda channel: self.did_announce(wrapped(channel)))

    async def offer(self) -> str:
        await self.pc.setLocalDescription()
        return self.pc.localDescription.sdp

    async def accept(self, answer: str) -> None:
        await self.pc.setRemoteDescription(aiortc.RTCSessionDescription(answer, "answer"))

    async def answer(self, offer: str) -> str:
        await self.pc.setRemoteDescription(aiortc.RTCSessionDescription(offer, "offer"))
        await self.pc.setLocalDescription()
        return self.pc.localDescription.sdp

    async def create(self, label: str, **options: Any) -> PythonChannel:
        if not label.isascii():
            raise Unsupported("aiortc 1.16 writes a wrong length for a label outside ASCII")
        return wrapped(self.pc.createDataChannel(label, **options))

    async def dtls_version(self) -> str | None:
        return None  # its statistics say nothing about a connection without media

    async def close(self) -> None:
        self.close_media()
        await self.pc.close()


class AiortcPeer:
    name = "aiortc"
    version = aiortc.__version__

    async def start(self) -> None:
        only_loopback()

    async def connection(self) -> AiortcConnection:
        return AiortcConnection()

    async def stop(self) -> None:
        pass

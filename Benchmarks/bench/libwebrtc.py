# SPDX-License-Identifier: Apache-2.0
"""libwebrtc, through the bindings of the package wrtc. Candidates trickle, which is its fastest way to connect."""

from __future__ import annotations

import asyncio
import importlib.metadata
import re
from collections.abc import Callable
from typing import Any

import webrtc

from .pair import Pair

webrtc.allow_loopback()

# How many bytes are buffered at most, as ours does.
HIGH_WATER = 1 << 20


def version() -> str:
    milestone = re.search(r"M\d+", importlib.metadata.metadata("wrtc")["Summary"])
    package = importlib.metadata.version("wrtc")
    return f"{milestone[0]} (wrtc {package})" if milestone else f"wrtc {package}"


def on_message(channel: Any, handler: Callable[[bytes], None]) -> None:
    channel.on("message", lambda event: handler(event.data))


def on_low(channel: Any, handler: Callable[[], None]) -> None:
    channel.on("bufferedamountlow", lambda _: handler())


def trickle(source: Any, sink: Any) -> Callable[[], None]:
    """Passes candidates on; they wait until the returned function is called."""
    waiting: list[Any] | None = []

    def found(event: Any) -> None:
        if event.candidate is None:
            return
        if waiting is None:
            asyncio.ensure_future(sink.addIceCandidate(event.candidate))
        else:
            waiting.append(event.candidate)

    def ready() -> None:
        nonlocal waiting
        candidates, waiting = waiting, None
        for candidate in candidates or []:
            asyncio.ensure_future(sink.addIceCandidate(candidate))

    source.on("icecandidate", found)
    return ready


def description(kind: str, connection: Any) -> Any:
    return webrtc.RTCSessionDescriptionInit(type=kind, sdp=connection.localDescription.sdp)


async def connect() -> Pair:
    offerer, answerer = webrtc.RTCPeerConnection(), webrtc.RTCPeerConnection()
    to_answerer, to_offerer = trickle(offerer, answerer), trickle(answerer, offerer)
    far: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    opened = asyncio.Event()

    def announced(event: Any) -> None:
        event.channel.binaryType = "arraybuffer"
        far.set_result(event.channel)

    answerer.on("datachannel", announced)
    near = offerer.createDataChannel("bench")
    near.binaryType = "arraybuffer"
    near.on("open", lambda _: opened.set())
    await offerer.setLocalDescription()
    await answerer.setRemoteDescription(description("offer", offerer))
    to_answerer()
    await answerer.setLocalDescription()
    await offerer.setRemoteDescription(description("answer", answerer))
    to_offerer()
    await opened.wait()
    return Pair(offerer, answerer, near, await far)


async def close(pair: Pair) -> None:
    pair.offerer.close()
    pair.answerer.close()

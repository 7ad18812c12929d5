# SPDX-License-Identifier: Apache-2.0
"""aiortc, as its documentation says; it gathers before it offers and knows no trickling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aioice.ice
import aiortc

from .pair import Pair

# It leaves loopback out; here it takes nothing else.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

# It goes over all that it has buffered again and again: with more it is slower still.
HIGH_WATER = 64 << 10


def version() -> str:
    return aiortc.__version__


def on_message(channel: Any, handler: Callable[[bytes], None]) -> None:
    channel.on("message", handler)


def on_low(channel: Any, handler: Callable[[], None]) -> None:
    channel.on("bufferedamountlow", handler)


async def connect() -> Pair:
    configuration = aiortc.RTCConfiguration(iceServers=[])  # None would mean a public STUN server
    offerer, answerer = aiortc.RTCPeerConnection(configuration), aiortc.RTCPeerConnection(configuration)
    far: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    opened = asyncio.Event()
    answerer.on("datachannel", far.set_result)
    near = offerer.createDataChannel("bench")
    near.on("open", opened.set)
    await offerer.setLocalDescription(await offerer.createOffer())
    await answerer.setRemoteDescription(offerer.localDescription)
    await answerer.setLocalDescription(await answerer.createAnswer())
    await offerer.setRemoteDescription(answerer.localDescription)
    await opened.wait()
    return Pair(offerer, answerer, near, await far)


async def close(pair: Pair) -> None:
    await pair.offerer.close()
    await pair.answerer.close()

# SPDX-License-Identifier: Apache-2.0
"""Calls with aiortc."""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import time
from typing import Any, NamedTuple

import aiortc
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcrtpsender import RTCRtpSender
from av import AudioFrame, VideoFrame

from . import aiortc_peer  # noqa: F401  (loopback)
from .calls import FRAMES_PER_SECOND, RATE

SAMPLES = 960


class Call(NamedTuple):
    sender: aiortc.RTCPeerConnection
    receiver: aiortc.RTCPeerConnection
    readers: list[asyncio.Task[None]]

    async def close(self) -> None:
        for reader in self.readers:
            reader.cancel()
        await self.sender.close()
        await self.receiver.close()


class Track(MediaStreamTrack):
    """Gives what a source makes, in real time."""

    def __init__(self, source: Any) -> None:
        super().__init__()
        self.kind = source.kind
        self.source = source
        self.began = 0.0
        self.count = 0

    async def recv(self) -> Any:
        if self.readyState != "live":
            raise MediaStreamError
        period = 1 / FRAMES_PER_SECOND if self.kind == "video" else SAMPLES / RATE
        self.began = self.began or time.monotonic()
        await asyncio.sleep(self.began + self.count * period - time.monotonic())
        at = self.count * period
        self.count += 1
        if self.kind == "video":
            planes = np.frombuffer(self.source.make(), np.uint8).reshape(-1, self.source.width)
            frame = VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts, frame.time_base = int(at * 90000), fractions.Fraction(1, 90000)
        else:
            frame = AudioFrame.from_ndarray(self.source.make(SAMPLES).reshape(1, -1), "s16", "mono")
            frame.sample_rate = RATE
            frame.pts, frame.time_base = int(at * RATE), fractions.Fraction(1, RATE)
        return frame


async def _read(track: MediaStreamTrack, source: Any) -> None:
    with contextlib.suppress(MediaStreamError):
        while True:
            frame = await track.recv()
            if source.kind == "video":
                plane = frame.planes[0]
                source.receive(np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:, : frame.width])
            else:
                source.receive(frame.to_ndarray())


async def connect(sources: list[Any]) -> Call:
    configuration = aiortc.RTCConfiguration(iceServers=[])
    sender, receiver = aiortc.RTCPeerConnection(configuration), aiortc.RTCPeerConnection(configuration)
    for source in sources:
        transceiver = sender.addTransceiver(Track(source), direction="sendonly")
        available = RTCRtpSender.getCapabilities(source.kind).codecs
        names = (source.codec.lower(), "rtx")
        transceiver.setCodecPreferences([c for c in available if c.mimeType.split("/")[1].lower() in names])
    await sender.setLocalDescription(await sender.createOffer())
    await receiver.setRemoteDescription(sender.localDescription)
    await receiver.setLocalDescription(await receiver.createAnswer())
    await sender.setRemoteDescription(receiver.localDescription)
    readers = [
        asyncio.ensure_future(_read(transceiver.receiver.track, source))
        for transceiver, source in zip(receiver.getTransceivers(), sources, strict=True)
    ]
    return Call(sender, receiver, readers)

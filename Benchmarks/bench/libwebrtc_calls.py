# SPDX-License-Identifier: Apache-2.0
"""Calls with libwebrtc, through the bindings of the package wrtc."""

from __future__ import annotations

import asyncio
import time
from typing import Any, NamedTuple

import numpy as np
import webrtc

from . import libwebrtc
from .calls import FRAMES_PER_SECOND, RATE

SAMPLES = 480


class Call(NamedTuple):
    sender: webrtc.RTCPeerConnection
    receiver: webrtc.RTCPeerConnection
    tasks: list[asyncio.Task[None]]

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.sender.close()
        self.receiver.close()


async def _write(track: Any, source: Any) -> None:
    """Writes what a source makes, in real time."""
    writer = track.writable.get_writer()
    period = 1 / FRAMES_PER_SECOND if source.kind == "video" else SAMPLES / RATE
    began, count = time.monotonic(), 0
    while True:
        await asyncio.sleep(began + count * period - time.monotonic())
        at = int(count * period * 1e6)
        if source.kind == "video":
            init = webrtc.VideoFrameBufferInit(
                format="I420", coded_width=source.width, coded_height=source.height, timestamp=at
            )
            await writer.write(webrtc.VideoFrame(source.make(), init))
        else:
            await writer.write(
                webrtc.AudioData(
                    webrtc.AudioDataInit(
                        format="s16", sample_rate=RATE, number_of_frames=SAMPLES, number_of_channels=1,
                        timestamp=at, data=source.make(SAMPLES).tobytes(),
                    )
                )
            )  # fmt: skip
        count += 1


async def _read(track: Any, source: Any) -> None:
    processor = webrtc.MediaStreamTrackProcessor(webrtc.MediaStreamTrackProcessorInit(track, max_buffer_size=20))
    async for item in processor.readable:
        if source.kind == "video":
            data = bytearray(item.allocation_size())
            layout = await item.copy_to(data)
            width, height, stride = item.coded_width, item.coded_height, layout[0].stride
            luma = np.frombuffer(data, np.uint8, stride * height, layout[0].offset).reshape(height, stride)
            source.receive(luma[:, :width])
        else:
            data = bytearray(item.number_of_frames * item.number_of_channels * 2)
            item.copy_to(data, webrtc.AudioDataCopyToOptions(plane_index=0, format="s16"))
            source.receive(np.frombuffer(data, np.int16))
        item.close()


async def connect(sources: list[Any]) -> Call:
    sender, receiver = webrtc.RTCPeerConnection(), webrtc.RTCPeerConnection()
    to_receiver, to_sender = libwebrtc.trickle(sender, receiver), libwebrtc.trickle(receiver, sender)
    tasks = []
    for source in sources:
        available = webrtc.RTCRtpSender.get_capabilities(source.kind).codecs
        wanted = [c for c in available if c.mime_type.split("/")[1].lower() == source.codec.lower()]
        if not wanted:
            raise RuntimeError(f"this build of libwebrtc has no {source.codec}")
        init = webrtc.RTCRtpTransceiverInit(direction="sendonly")
        init.streams = [webrtc.MediaStream()]
        transceiver = sender.add_transceiver(source.kind, init)
        transceiver.set_codec_preferences([*wanted, *(c for c in available if c.mime_type.endswith("/rtx"))])
        track = webrtc.MediaStreamTrackGenerator(source.kind)
        await transceiver.sender.replace_track(track)
        tasks.append(asyncio.ensure_future(_write(track, source)))
    await sender.setLocalDescription()
    await receiver.setRemoteDescription(libwebrtc.description("offer", sender))
    to_receiver()
    await receiver.setLocalDescription()
    await sender.setRemoteDescription(libwebrtc.description("answer", receiver))
    to_sender()
    for transceiver, source in zip(receiver.get_transceivers(), sources, strict=True):
        tasks.append(asyncio.ensure_future(_read(transceiver.receiver.track, source)))
    return Call(sender, receiver, tasks)

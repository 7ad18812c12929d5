# SPDX-License-Identifier: Apache-2.0
"""The media half of the peer libwebrtc."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import webrtc

from ..media import pattern
from ..media.meter import Seen
from ..media.section import Section
from ..media.sources import Ear, Eye, Picture, Tone
from .base import Unsupported
from .media import MediaConnection

SAMPLES = 480


class PatternSource:
    """Writes the pattern into a track, in real time."""

    def __init__(self, section: Section) -> None:
        self.kind = section.kind
        self.source = Picture(section.start) if section.kind == "video" else Tone(section.hertz)
        self.track = webrtc.MediaStreamTrackGenerator(section.kind)
        self.task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        writer = self.track.writable.get_writer()
        period = 1 / pattern.FRAMES_PER_SECOND if self.kind == "video" else SAMPLES / 48000
        began = time.monotonic()
        count = 0
        while True:
            await asyncio.sleep(began + count * period - time.monotonic())
            await writer.write(self._video(count, period) if self.kind == "video" else self._audio(count, period))
            count += 1

    def _video(self, count: int, period: float) -> webrtc.VideoFrame:
        init = webrtc.VideoFrameBufferInit(
            format="I420", coded_width=pattern.WIDTH, coded_height=pattern.HEIGHT, timestamp=int(count * period * 1e6)
        )
        return webrtc.VideoFrame(self.source.next().tobytes(), init)

    def _audio(self, count: int, period: float) -> webrtc.AudioData:
        return webrtc.AudioData(
            webrtc.AudioDataInit(
                format="s16", sample_rate=48000, number_of_frames=SAMPLES, number_of_channels=1,
                timestamp=int(count * period * 1e6), data=self.source.next(SAMPLES).tobytes(),
            )
        )  # fmt: skip

    def stop(self) -> None:
        self.task.cancel()
        self.track.stop()


class LibwebrtcSection:
    def __init__(self, section: Section, transceiver: webrtc.RTCRtpTransceiver) -> None:
        self.section = section
        self.transceiver = transceiver
        self.source: PatternSource | None = PatternSource(section) if section.sends else None
        self.eye = Eye(lambda counter: self.source and self.source.source.painted.get(counter))
        self.ear = Ear()
        self.reader = asyncio.create_task(self._read()) if section.receives else None

    async def _read(self) -> None:
        track = self.transceiver.receiver.track
        processor = webrtc.MediaStreamTrackProcessor(webrtc.MediaStreamTrackProcessorInit(track, max_buffer_size=20))
        async for item in processor.readable:
            if self.section.kind == "video":
                await self._look(item)
            else:
                self._hear(item)
            item.close()

    async def _look(self, frame: webrtc.VideoFrame) -> None:
        data = bytearray(frame.allocation_size())
        layout = await frame.copy_to(data)
        width, height, stride = frame.coded_width, frame.coded_height, layout[0].stride
        luma = np.frombuffer(data, np.uint8, stride * height, layout[0].offset).reshape(height, stride)
        self.eye.look(luma[:, :width])

    def _hear(self, data: webrtc.AudioData) -> None:
        buffer = bytearray(data.number_of_frames * data.number_of_channels * 2)
        data.copy_to(buffer, webrtc.AudioDataCopyToOptions(plane_index=0, format="s16"))
        samples = np.frombuffer(buffer, np.int16).reshape(-1, data.number_of_channels)[:, 0] / 32768
        self.ear.hear(samples, int(data.sample_rate))

    def stop(self) -> None:
        if self.reader:
            self.reader.cancel()
        if self.source:
            self.source.stop()


class LibwebrtcMedia(MediaConnection):
    """`pc` is the subclass's, and `_local` its way to a description with all candidates."""

    pc: webrtc.RTCPeerConnection

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[LibwebrtcSection] = []

    @staticmethod
    def _preferences(section: Section) -> list[webrtc.RTCRtpCodec]:
        available = webrtc.RTCRtpReceiver.get_capabilities(section.kind).codecs

        def named(*names: str) -> list[webrtc.RTCRtpCodec]:
            return [codec for codec in available if codec.mime_type.split("/")[1].lower() in names]

        wanted = named(section.codec.lower())
        if not wanted:
            raise Unsupported(f"this build of libwebrtc has no {section.codec}")
        return [*wanted, *named("rtx", "telephone-event")]

    async def add(self, sections: Sequence[Section]) -> None:
        for section in sections:
            preferences = self._preferences(section)
            init = webrtc.RTCRtpTransceiverInit(direction=section.direction)
            if section.sends:
                init.streams = [webrtc.MediaStream()]
            transceiver = self.pc.add_transceiver(section.kind, init)
            transceiver.set_codec_preferences(preferences)
            await self._keep(section, transceiver)

    async def _keep(self, section: Section, transceiver: webrtc.RTCRtpTransceiver) -> None:
        entry = LibwebrtcSection(section, transceiver)
        self.sections.append(entry)
        if entry.source:
            await transceiver.sender.replace_track(entry.source.track)

    async def answer_media(self, offer: str, sections: Sequence[Section]) -> str:
        await self.pc.set_remote_description(webrtc.RTCSessionDescriptionInit(type="offer", sdp=offer))
        known = {entry.transceiver.mid for entry in self.sections}
        fresh = [t for t in self.pc.get_transceivers() if not t.stopped and t.mid not in known]
        if len(fresh) != len(sections):
            raise RuntimeError(f"the offer has {len(fresh)} new media sections, not {len(sections)}")
        for transceiver, section in zip(fresh, sections, strict=True):
            transceiver.direction = section.direction
            transceiver.set_codec_preferences(self._preferences(section))
            await self._keep(section, transceiver)
        return await self._local()

    async def mid(self, index: int) -> str:
        return self.sections[index].transceiver.mid

    async def seen(self, index: int) -> list[Seen]:
        return self.sections[index].eye.take()

    async def window(self, index: int) -> tuple[np.ndarray, int]:
        return self.sections[index].ear.window()

    async def set_enabled(self, index: int, on: bool) -> None:
        self.sections[index].source.track.enabled = on

    async def replace_track(self, index: int, change: dict[str, int] | None) -> None:
        entry = self.sections[index]
        before = entry.source
        entry.source = None if change is None else PatternSource(dataclasses.replace(entry.section, **change))
        await entry.transceiver.sender.replace_track(entry.source and entry.source.track)
        if before:
            before.stop()

    async def remove(self, index: int) -> None:
        self.sections[index].transceiver.stop()

    async def insert_dtmf(self, index: int, tones: str) -> None:
        self.sections[index].transceiver.sender.dtmf.insert_dtmf(tones, 120, 80)

    async def request_key_frame(self, index: int) -> None:
        made: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def worker(event: Any) -> None:
            made.set_result(event.transformer)
            await event.transformer.readable.pipe_to(event.transformer.writable)

        self.sections[index].transceiver.receiver.transform = webrtc.RTCRtpScriptTransform(worker)
        await (await made).send_key_frame_request()

    async def restart_ice(self) -> None:
        self.pc.restart_ice()

    async def credentials(self) -> tuple[str, str]:
        local, remote = (
            re.search(r"a=ice-ufrag:(\S+)", description.sdp)[1]
            for description in (self.pc.local_description, self.pc.remote_description)
        )
        return local, remote

    async def stats(self) -> list[dict[str, Any]]:
        return [
            {re.sub("_([a-z])", lambda match: match[1].upper(), name): value for name, value in vars(entry).items()}
            for entry in (await self.pc.get_stats()).values()
        ]

    def close_media(self) -> None:
        for entry in self.sections:
            entry.stop()

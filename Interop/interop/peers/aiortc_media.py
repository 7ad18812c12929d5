# SPDX-License-Identifier: Apache-2.0
"""The media half of the peer aiortc."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import fractions
import re
import time
from collections.abc import Sequence
from typing import Any

import aiortc
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcrtpsender import RTCRtpSender
from av import AudioFrame, VideoFrame

from ..media import pattern
from ..media.meter import Seen
from ..media.section import Section
from ..media.sources import Ear, Eye, Picture, Tone
from .base import Unsupported
from .media import MediaConnection

SAMPLES = 960


class PatternTrack(MediaStreamTrack):
    """The pattern, in real time. It goes on where another track of the same sender stopped."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.kind = section.kind
        self.source = Picture(section.start) if section.kind == "video" else Tone(section.hertz)
        self.began = 0.0
        self.count = 0

    async def recv(self) -> Any:
        if self.readyState != "live":
            raise MediaStreamError
        period = 1 / pattern.FRAMES_PER_SECOND if self.kind == "video" else SAMPLES / 48000
        self.began = self.began or time.monotonic()
        await asyncio.sleep(self.began + self.count * period - time.monotonic())
        due = self.began + self.count * period
        self.count += 1
        if self.kind == "video":
            frame = VideoFrame.from_ndarray(self.source.next(), "yuv420p")
            frame.pts, frame.time_base = int(due * 90000), fractions.Fraction(1, 90000)
        else:
            # Stereo: its Opus would make mono quieter by 3 dB.
            frame = AudioFrame.from_ndarray(self.source.next(SAMPLES).repeat(2).reshape(1, -1), "s16", "stereo")
            frame.sample_rate = 48000
            frame.pts, frame.time_base = int(due * 48000), fractions.Fraction(1, 48000)
        return frame


class AiortcSection:
    def __init__(self, section: Section, transceiver: aiortc.RTCRtpTransceiver) -> None:
        self.section = section
        self.transceiver = transceiver
        self.track: PatternTrack | None = None
        self.eye = Eye(lambda counter: self.track and self.track.source.painted.get(counter))
        self.ear = Ear()
        self.reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while (track := self.transceiver.receiver.track) is None:  # until the remote description is there
            await asyncio.sleep(0.01)
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if self.section.kind == "video":
                    self.eye.look(frame.to_ndarray(format="yuv420p")[: frame.height])
                else:
                    channels = len(frame.layout.channels)
                    self.ear.hear(frame.to_ndarray().reshape(-1, channels)[:, 0] / 32768, frame.sample_rate)


class AiortcMedia(MediaConnection):
    """`pc` is the subclass's."""

    pc: aiortc.RTCPeerConnection

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[AiortcSection] = []

    def _serve(self, transceiver: aiortc.RTCRtpTransceiver, section: Section) -> None:
        available = RTCRtpSender.getCapabilities(section.kind).codecs
        names = (section.codec.lower(), "rtx")
        transceiver.setCodecPreferences([c for c in available if c.mimeType.split("/")[1].lower() in names])
        entry = AiortcSection(section, transceiver)
        if section.sends:
            entry.track = PatternTrack(section)
            transceiver.sender.replaceTrack(entry.track)
        self.sections.append(entry)

    async def add(self, sections: Sequence[Section]) -> None:
        if sum(section.kind == "video" for section in sections) > 1:
            raise Unsupported("aiortc 1.16 never starts its second video sender when it offers both")
        for section in sections:
            self._serve(self.pc.addTransceiver(section.kind, direction=section.direction), section)

    async def answer_media(self, offer: str, sections: Sequence[Section]) -> str:
        if any(line.startswith("m=") and line.split()[1] == "0" for line in offer.splitlines()):
            raise Unsupported("aiortc cannot take a rejected section")
        if self.pc.remoteDescription and self._ufrag(self.pc.remoteDescription.sdp) != self._ufrag(offer):
            raise Unsupported("aiortc cannot restart ICE")
        await self.pc.setRemoteDescription(aiortc.RTCSessionDescription(offer, "offer"))
        known = [entry.transceiver for entry in self.sections]
        fresh = [transceiver for transceiver in self.pc.getTransceivers() if transceiver not in known]
        if len(fresh) != len(sections):
            raise RuntimeError(f"the offer has {len(fresh)} new media sections, not {len(sections)}")
        for transceiver, section in zip(fresh, sections, strict=True):
            transceiver.direction = section.direction
            self._serve(transceiver, section)
        await self.pc.setLocalDescription()
        return self.pc.localDescription.sdp

    async def mid(self, index: int) -> str:
        return self.sections[index].transceiver.mid

    async def seen(self, index: int) -> list[Seen]:
        return self.sections[index].eye.take()

    async def window(self, index: int) -> tuple[np.ndarray, int]:
        return self.sections[index].ear.window()

    async def set_enabled(self, index: int, on: bool) -> None:
        # Its tracks have no `enabled`: the source does what that would do.
        self.sections[index].track.source.enabled = on

    async def replace_track(self, index: int, change: dict[str, int] | None) -> None:
        entry = self.sections[index]
        entry.track = None if change is None else PatternTrack(dataclasses.replace(entry.section, **change))
        entry.transceiver.sender.replaceTrack(entry.track)

    async def remove(self, index: int) -> None:
        raise Unsupported("aiortc goes on offering a transceiver that was stopped")

    async def request_key_frame(self, index: int) -> None:
        receiver = self.sections[index].transceiver.receiver
        for source in receiver.getSynchronizationSources():
            await receiver._send_rtcp_pli(source.source)

    @staticmethod
    def _ufrag(sdp: str) -> str:
        return re.search(r"a=ice-ufrag:(\S+)", sdp)[1]

    async def credentials(self) -> tuple[str, str]:
        return self._ufrag(self.pc.localDescription.sdp), self._ufrag(self.pc.remoteDescription.sdp)

    async def expect_dtmf(self, index: int) -> None:
        raise Unsupported("aiortc has no telephone-event")

    async def stats(self) -> list[dict[str, Any]]:
        # Of the profile, its statistics say nothing; its transport knows.
        profile = None
        for entry in self.sections:
            transport = entry.transceiver.sender.transport
            if transport and transport._ssl:
                profile = (transport._ssl.get_selected_srtp_profile() or b"").decode() or None
        return [{"type": "transport", "srtpCipher": profile}]

    def close_media(self) -> None:
        for entry in self.sections:
            entry.reader.cancel()
            if entry.track:
                entry.track.stop()

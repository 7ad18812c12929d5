# SPDX-License-Identifier: Apache-2.0
"""The media half of the contract of `rtc serve`, fulfilled with aiortc: what goes back in each section."""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import time
from typing import Any

import numpy as np
from aiortc import RTCCertificate, RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcrtpparameters import RTCRtpCodecCapability
from aiortc.rtcrtpsender import RTCRtpSender
from av import AudioFrame, VideoFrame
from interop.media import pattern

CIPHERS = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA"

TRANSFORMS = ("none", "mirror", "edges")
MODES = ("echo", "forward")  # aiortc cannot forward: here both decode and encode
FIRST_COUNTER = 0x8000
HERTZ = 440
MUTED_SECONDS = 1.0


def accept_rsa() -> None:
    """Makes aiortc talk to a peer whose certificate has an RSA key, as GStreamer's has."""
    create = RTCCertificate._create_ssl_context

    def patched(certificate: RTCCertificate, srtp_profiles: list[Any]) -> Any:
        context = create(certificate, srtp_profiles)
        context.set_cipher_list(CIPHERS)
        return context

    RTCCertificate._create_ssl_context = patched


def transformed(frame: VideoFrame, name: str) -> VideoFrame:
    if name == "none":
        return frame
    planes = frame.to_ndarray(format="yuv420p")
    luma = planes[: frame.height]
    if name == "mirror":
        result = VideoFrame.from_ndarray(np.ascontiguousarray(frame.to_ndarray(format="rgb24")[:, ::-1]), "rgb24")
    else:
        steps = luma.astype(np.int16)
        across = np.abs(np.diff(steps, axis=1, prepend=steps[:, :1]))
        down = np.abs(np.diff(steps, axis=0, prepend=steps[:1]))
        lines = np.where(np.maximum(across, down) > 80, pattern.WHITE, pattern.BLACK).astype(np.uint8)
        lines[:, 1:] |= lines[:, :-1]  # as wide as the usual kernels draw them
        planes = np.full_like(planes, 128)
        planes[: frame.height] = lines
        result = VideoFrame.from_ndarray(planes, "yuv420p")
    return result


class Outgoing(MediaStreamTrack):
    """What the server sends in a section: what came in it, or the pattern."""

    def __init__(self, kind: str, transform: str) -> None:
        super().__init__()
        self.kind = kind
        self.transform = transform
        self.echoes = True
        self.muted = False
        self.frames: asyncio.Queue[Any] = asyncio.Queue(4)
        self.changed = asyncio.Event()
        self.began: float | None = None
        self.count = 0
        self.next_time = 0.0

    def offer(self, frame: Any) -> None:
        """A frame that has come. The oldest makes room."""
        if self.frames.full():
            self.frames.get_nowait()
        self.frames.put_nowait(frame)

    def switch(self, echoes: bool) -> None:
        self.echoes = echoes
        self.changed.set()

    async def recv(self) -> Any:
        while self.readyState == "live":
            frame = await (self._echoed() if self.echoes else self._painted())
            if frame is not None:
                if self.muted:
                    frame = self._silenced(frame)
                frame.pts, frame.time_base = self._timestamp(frame)
                return frame
        raise MediaStreamError

    def _timestamp(self, frame: Any) -> tuple[int, fractions.Fraction]:
        """One time line whatever the frames come from: aiortc sends their own, and receivers drop what goes back."""
        now = time.monotonic()
        if self.kind == "video":
            return int(now * 90000), fractions.Fraction(1, 90000)
        if now - self.next_time > 0.1:
            self.next_time = now
        pts = round(self.next_time * frame.sample_rate)
        self.next_time += frame.samples / frame.sample_rate
        return pts, fractions.Fraction(1, frame.sample_rate)

    async def _echoed(self) -> Any:
        self.changed.clear()
        waits = [asyncio.ensure_future(self.frames.get()), asyncio.ensure_future(self.changed.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if not waits[0].done():
                return None
            frame = waits[0].result()
        finally:
            for wait in waits:
                wait.cancel()
        return transformed(frame, self.transform) if self.kind == "video" else frame

    async def _painted(self) -> Any:
        period = 1 / pattern.FRAMES_PER_SECOND if self.kind == "video" else 0.02
        self.began = self.began or time.monotonic()
        await asyncio.sleep(self.began + self.count * period - time.monotonic())
        number, self.count = self.count, self.count + 1
        if self.kind == "video":
            frame = VideoFrame.from_ndarray(planes_of(pattern.i420(FIRST_COUNTER + number)), "yuv420p")
        else:
            samples = pattern.tone(HERTZ, 48000, number * 960, 960)
            # Stereo: aiortc's Opus would make mono quieter by 3 dB.
            frame = AudioFrame.from_ndarray(samples.repeat(2).reshape(1, -1), "s16", "stereo")
            frame.sample_rate = 48000
        return frame

    def _silenced(self, frame: Any) -> Any:
        if self.kind == "video":
            planes = np.full((frame.height * 3 // 2, frame.width), 128, np.uint8)
            planes[: frame.height] = pattern.BLACK
            empty = VideoFrame.from_ndarray(planes, "yuv420p")
        else:
            empty = AudioFrame.from_ndarray(np.zeros_like(frame.to_ndarray()), frame.format.name, frame.layout.name)
            empty.sample_rate = frame.sample_rate
        return empty


def planes_of(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.uint8).reshape(-1, pattern.WIDTH)


class Section:
    """One transceiver: reads what comes, keeps the report of it, and feeds what goes back."""

    def __init__(self, transceiver: RTCRtpTransceiver, transform: str) -> None:
        self.transceiver = transceiver
        self.out = Outgoing(transceiver.kind, transform)
        transceiver.sender.replaceTrack(self.out)
        self.report: dict[str, Any] = {"kind": transceiver.kind, "muted": True, "keyFrameRequests": 0, "codec": None}
        if transceiver.kind == "video":
            self.report |= {"frames": 0, "counter": None, "backwards": 0, "unreadable": 0}
        else:
            self.report |= {"hertz": 0.0, "decibel": -120.0, "digits": ""}
        self.last = 0.0
        self.sound = np.zeros(0)
        self.reader = asyncio.create_task(self._read())
        self._count_requests(transceiver.sender)

    def _count_requests(self, sender: RTCRtpSender) -> None:
        before = sender._send_keyframe

        def counted() -> None:
            self.report["keyFrameRequests"] += 1
            before()

        sender._send_keyframe = counted

    async def _read(self) -> None:
        while (track := self.transceiver.receiver.track) is None:  # until the remote description is there
            await asyncio.sleep(0.01)
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                self.last = time.monotonic()
                if self.transceiver.kind == "video":
                    self._see(frame)
                else:
                    self._hear(frame)
                self.out.offer(frame)

    def _see(self, frame: VideoFrame) -> None:
        reading = pattern.read(frame.to_ndarray(format="yuv420p")[: frame.height])
        if reading.kind != "counter":
            self.report["unreadable"] += 1
            return
        before = self.report["counter"]
        self.report["frames"] += 1
        self.report["backwards"] += int(before is not None and reading.counter < before)
        self.report["counter"] = reading.counter

    def _hear(self, frame: AudioFrame) -> None:
        samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0] / 32768
        self.sound = np.concatenate([self.sound, samples])[-frame.sample_rate // 10 :]
        self.report["hertz"], self.report["decibel"] = pattern.loudest(self.sound, frame.sample_rate)

    def entry(self) -> dict[str, Any]:
        self.report["muted"] = time.monotonic() - self.last > MUTED_SECONDS
        codecs = self.transceiver._codecs
        self.report["codec"] = codecs[0].mimeType.split("/")[1] if codecs else None
        return {"mid": self.transceiver.mid, **self.report}

    def stop(self) -> None:
        self.reader.cancel()
        self.out.stop()


class Media:
    """The media of a session."""

    def __init__(self, pc: RTCPeerConnection, wishes: dict[str, Any]) -> None:
        self.pc = pc
        self.transform = wishes.get("video_transform", "none")
        self.codecs = wishes.get("codecs")
        self.srtp = wishes.get("srtp")
        self.sections: list[Section] = []

    def add(self, kind: str) -> None:
        self._serve(self.pc.addTransceiver(kind, direction="sendrecv"))

    def _serve(self, transceiver: RTCRtpTransceiver) -> None:
        if self.codecs:
            available = [*RTCRtpSender.getCapabilities(transceiver.kind).codecs]
            wanted = [codec for codec in available if self._allows(codec)]
            transceiver.setCodecPreferences(wanted)
        if self.srtp:
            transport = transceiver.sender.transport
            names = [name.encode() for name in self.srtp]
            transport._srtp_profiles = [p for p in transport._srtp_profiles if p.openssl_profile in names]
        self.sections.append(Section(transceiver, self.transform))

    def _allows(self, codec: RTCRtpCodecCapability) -> bool:
        name = codec.mimeType.split("/")[1]
        return name in self.codecs or name == "rtx"

    def prepare_answer(self) -> None:
        """Serves the sections that are new in the remote offer."""
        known = [section.transceiver for section in self.sections]
        for transceiver in self.pc.getTransceivers():
            if transceiver not in known:
                transceiver.direction = "sendrecv"
                self._serve(transceiver)

    def settle(self) -> None:
        """Sends the pattern in each section in which nothing comes."""
        for section in self.sections:
            if section.transceiver.currentDirection == "sendonly":
                section.out.switch(False)

    def stop(self) -> None:
        for section in self.sections:
            section.stop()


    async def answer(self, sdp: str) -> str:
        """The answer to a further offer of the peer."""
        check_offer(sdp, self.pc)
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        self.prepare_answer()
        await self.pc.setLocalDescription()
        self.settle()
        return self.pc.localDescription.sdp

    async def control(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does what a request to /session/ID/control asks for."""
        do = request["do"]
        if do == "report":
            return {"report": [section.entry() for section in self.sections]}
        if do == "stats":
            return {"stats": [vars(entry) for entry in (await self.pc.getStats()).values()]}
        if do == "add":
            self.add(request["kind"])
            await self.pc.setLocalDescription(await self.pc.createOffer())
            return {"type": "offer", "sdp": self.pc.localDescription.sdp}
        if do in ("remove", "restartIce", "dtmf"):
            raise NotImplementedError(f"unsupported: aiortc has no {do}")
        section = next(section for section in self.sections if section.transceiver.mid == request["mid"])
        if do == "mute":
            section.out.muted = request["on"]
        elif do == "replaceTrack":
            section.out.switch(request["with"] == "echo")
        elif do == "keyframe":
            receiver = section.transceiver.receiver
            for source in receiver.getSynchronizationSources():
                await receiver._send_rtcp_pli(source.source)
        else:
            raise ValueError(f"unknown: {do}")
        return {}


def check_offer(sdp: str, pc: RTCPeerConnection) -> None:
    if any(line.startswith("m=") and line.split()[1] == "0" for line in sdp.splitlines()):
        raise NotImplementedError("unsupported: aiortc cannot take a rejected section")
    before = pc.remoteDescription
    ufrags = [{line for line in text.splitlines() if line.startswith("a=ice-ufrag")} for text in (before.sdp, sdp)]
    if ufrags[0] and not ufrags[0] & ufrags[1]:
        raise NotImplementedError("unsupported: aiortc cannot restart ICE")

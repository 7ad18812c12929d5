# SPDX-License-Identifier: Apache-2.0
"""GStreamer's webrtcbin with its own codecs, through Debian's Python bindings."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

# The bindings are Debian's, built for the Python that the virtual environment is made of.
sys.path.append("/usr/lib/python3/dist-packages")
import gi

for module in ("Gst", "GstApp", "GstSdp", "GstVideo", "GstWebRTC"):
    gi.require_version(module, "1.0")
from gi.repository import Gst, GstApp, GstSdp, GstVideo, GstWebRTC  # noqa: E402, F401

from ..media import pattern  # noqa: E402
from ..media.meter import Seen  # noqa: E402
from ..media.section import Section  # noqa: E402
from ..media.sources import Ear, Eye, Picture, Tone  # noqa: E402
from .base import Unsupported  # noqa: E402
from .media import MediaConnection  # noqa: E402

# Encoder and payloader, depayloader and decoder, payload type of its offers, members of the caps.
CODECS = {
    "opus": ("opusenc frame-size=20 ! rtpopuspay", "rtpopusdepay ! opusdec", 111, "OPUS,clock-rate=48000,encoding-params=(string)2"),
    "G722": ("avenc_g722 ! rtpg722pay", "rtpg722depay ! avdec_g722", 9, "G722,clock-rate=8000"),
    "PCMU": ("mulawenc ! rtppcmupay", "rtppcmudepay ! mulawdec", 0, "PCMU,clock-rate=8000"),
    "VP8": (
        "vp8enc deadline=1 cpu-used=8 error-resilient=default keyframe-max-dist=1000 target-bitrate=500000 ! rtpvp8pay picture-id-mode=2",
        "rtpvp8depay request-keyframe=true ! vp8dec", 96, "VP8,clock-rate=90000",
    ),
    "H264": (
        "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=1000 bitrate=500 ! video/x-h264,profile=constrained-baseline"
        " ! rtph264pay aggregate-mode=zero-latency config-interval=-1",
        "rtph264depay request-keyframe=true ! avdec_h264", 102,
        "H264,clock-rate=90000,packetization-mode=(string)1,profile-level-id=(string)42e01f",
    ),
}  # fmt: skip
RATES = {"opus": 48000, "G722": 16000, "PCMU": 8000}
VIDEO = f"video/x-raw,format=I420,width={pattern.WIDTH},height={pattern.HEIGHT},framerate={pattern.FRAMES_PER_SECOND}/1"

# The agent of a webrtcbin has a floating reference, which the bindings take for their own and would let go.
KEPT: list[Any] = []


class GStreamerSection:
    def __init__(self, connection: GStreamerConnection, section: Section, payload: int) -> None:
        self.connection = connection
        self.section = section
        self.payload = payload
        self.source: Picture | Tone | None = None
        self.writer: asyncio.Task[None] | None = None
        self.eye = Eye(lambda counter: self.source and self.source.painted.get(counter))
        self.ear = Ear()
        self.rate = RATES.get(section.codec, 0)
        self.key_frame_requests = 0
        self.sink: Any = None
        media, codec = section.kind, CODECS[section.codec]
        extra = ",rtcp-fb-nack-pli=(boolean)true" if media == "video" else ""
        self.caps = f"application/x-rtp,media={media},encoding-name={codec[3]},payload={payload}{extra}"

    def build(self) -> Any:
        """The elements that send, up to a pad with RTP."""
        raw = VIDEO if self.section.kind == "video" else f"audio/x-raw,format=S16LE,layout=interleaved,rate={self.rate},channels=1"
        convert = "videoconvert" if self.section.kind == "video" else "audioconvert ! audioresample"
        part = Gst.parse_bin_from_description(
            f"appsrc name=source is-live=true format=time do-timestamp=true caps={raw} ! {convert}"
            f" ! {CODECS[self.section.codec][0]} pt={self.payload} ! {self._settled_caps()}", True,
        )  # fmt: skip
        self.source = Picture(self.section.start) if self.section.kind == "video" else Tone(self.section.hertz, self.rate)
        self.appsrc = part.get_by_name("source")
        part.get_static_pad("src").add_probe(Gst.PadProbeType.EVENT_UPSTREAM, self._upstream)
        return part

    def _settled_caps(self) -> str:
        if self.section.codec == "H264":
            # The payloader says what the encoder made, such as 42c00d: below what is negotiated, and fit for it.
            return f'capssetter join=false replace=false caps="{self.caps}"'
        return f'capsfilter caps="{self.caps}"'

    def _upstream(self, pad: Any, info: Any) -> Any:
        structure = info.get_event().get_structure()
        if structure and structure.get_name() == "GstForceKeyUnit":
            self.key_frame_requests += 1
        return Gst.PadProbeReturn.OK

    def start(self) -> None:
        if self.section.sends and not self.writer:
            self.writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        period = 1 / pattern.FRAMES_PER_SECOND if self.section.kind == "video" else 0.02
        began = time.monotonic()
        count = 0
        while True:
            await asyncio.sleep(began + count * period - time.monotonic())
            count += 1
            raw = self.source.next() if self.section.kind == "video" else self.source.next(int(self.rate * period))
            buffer = Gst.Buffer.new_wrapped(raw.tobytes())
            buffer.duration = int(period * Gst.SECOND)
            self.appsrc.emit("push-buffer", buffer)

    def receive(self, pad: Any) -> None:
        """Called on a thread of GStreamer's when a stream begins."""
        shape = "videoconvert ! video/x-raw,format=I420" if self.section.kind == "video" else "audioconvert ! audio/x-raw,format=S16LE"
        part = Gst.parse_bin_from_description(
            f"queue ! {CODECS[self.section.codec][1]} ! {shape} ! appsink name=sink emit-signals=true sync=false max-buffers=50", True
        )
        sink = part.get_by_name("sink")
        sink.connect("new-sample", self._sample)
        self.connection.pipe.add(part)
        part.sync_state_with_parent()
        self.sink = part.get_static_pad("sink")
        pad.link(self.sink)

    def _sample(self, sink: Any) -> Any:
        sample = sink.emit("pull-sample")
        structure = sample.get_caps().get_structure(0)
        data = sample.get_buffer().extract_dup(0, sample.get_buffer().get_size())
        self.connection.loop.call_soon_threadsafe(self._take, structure, data)
        return Gst.FlowReturn.OK

    def _take(self, structure: Any, data: bytes) -> None:
        if self.section.kind == "video":
            width, height = structure.get_value("width"), structure.get_value("height")
            stride = (width + 3) // 4 * 4
            self.eye.look(np.frombuffer(data, np.uint8, stride * height).reshape(height, stride)[:, :width])
        else:
            samples = np.frombuffer(data, np.int16).reshape(-1, structure.get_value("channels"))[:, 0]
            self.ear.hear(samples / 32768, structure.get_value("rate"))


class GStreamerConnection(MediaConnection):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.sections: list[GStreamerSection] = []
        self.state = ""
        self.settled = asyncio.Event()
        self.gathered = asyncio.Event()
        self.promises: list[Any] = []
        self.candidates: list[tuple[int, str]] = []
        self.pipe = Gst.Pipeline.new()
        self.bin = Gst.ElementFactory.make("webrtcbin")
        self.bin.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.bin.set_property("latency", 50)
        self.pipe.add(self.bin)
        agent = self.bin.get_property("ice-agent")
        KEPT.append(agent)
        agent.set_property("ice-tcp", False)
        agent.emit("add-local-ip-address", "127.0.0.1")  # which it leaves out, and nothing else
        self.bin.connect("pad-added", self._pad)
        self.bin.connect("notify::connection-state", lambda *_: self.loop.call_soon_threadsafe(self._look))
        self.bin.connect("notify::ice-gathering-state", lambda *_: self.loop.call_soon_threadsafe(self._look))
        self.bin.connect("on-ice-candidate", self._candidate)

    def _look(self) -> None:
        self.state = self.bin.get_property("connection-state").value_nick
        if self.state in ("connected", "failed", "closed"):
            self.settled.set()
        if self.bin.get_property("ice-gathering-state").value_nick == "complete":
            self.gathered.set()

    def _candidate(self, _: Any, line: int, candidate: str) -> None:
        self.candidates.append((line, candidate))

    def _pad(self, _: Any, pad: Any) -> None:
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        line = pad.get_property("transceiver").get_property("mlineindex")
        self.sections[line].receive(pad)

    async def _promised(self, signal: str, *arguments: Any) -> Any:
        future = self.loop.create_future()

        def done(promise: Any) -> None:
            reply = promise.get_reply()
            # The reply belongs to the promise, and the value to the reply.
            self.promises += [promise, reply]
            value = reply.get_value(reply.nth_field_name(0)) if reply and reply.n_fields() else None
            self.loop.call_soon_threadsafe(lambda: future.done() or future.set_result(value))

        self.bin.emit(signal, *arguments, Gst.Promise.new_with_change_func(done))
        value = await future
        if hasattr(value, "message"):
            raise RuntimeError(f"{signal}: {value.message}")
        return value

    async def _described(self, kind: str) -> str:
        description = await self._promised(f"create-{kind}", None)
        await self._promised("set-local-description", description)
        await self.gathered.wait()
        return self._with_candidates(self.bin.get_property("local-description").sdp.as_text())

    def _with_candidates(self, sdp: str) -> str:
        if "a=candidate" in sdp:
            return sdp
        parts = re.split(r"(?m)^(?=m=)", sdp)
        for line, candidate in self.candidates:
            if candidate:
                parts[line + 1] += f"a={candidate}\r\n"
        return "".join(parts)

    def _attach(self, entry: GStreamerSection, line: int) -> None:
        part = entry.build()
        self.pipe.add(part)
        template = self.bin.get_pad_template("sink_%u")
        pad = self.bin.request_pad(template, f"sink_{line}", Gst.Caps.from_string(entry.caps))
        if pad is None or part.get_static_pad("src").link(pad) != Gst.PadLinkReturn.OK:
            raise RuntimeError(f"webrtcbin gave no pad for section {line}")
        part.sync_state_with_parent()

    def _direct(self, line: int, direction: str) -> None:
        transceiver = self.bin.emit("get-transceiver", line)
        if transceiver is None:
            return  # one that only receives comes with the answer
        transceiver.set_property("direction", getattr(GstWebRTC.WebRTCRTPTransceiverDirection, direction.upper()))
        if self.sections[line].section.kind == "video":
            transceiver.set_property("do-nack", True)

    async def add(self, sections: Sequence[Section]) -> None:
        if self.sections:
            raise Unsupported("webrtcbin 1.22 is not made to renegotiate here")
        for line, section in enumerate(sections):
            # It sends neither MID nor a=ssrc: only the payload type tells two sections of a codec apart.
            again = sum(other.section.codec == section.codec for other in self.sections)
            entry = GStreamerSection(self, section, CODECS[section.codec][2] + 6 * again)
            self.sections.append(entry)
            if section.sends:
                self._attach(entry, line)
                self._direct(line, section.direction)
            else:
                direction = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
                self.bin.emit("add-transceiver", direction, Gst.Caps.from_string(entry.caps))
        self.pipe.set_state(Gst.State.PLAYING)

    async def offer(self) -> str:
        return await self._described("offer")

    async def accept(self, answer: str) -> None:
        await self._remote(answer, GstWebRTC.WebRTCSDPType.ANSWER)

    async def _remote(self, sdp: str, kind: Any) -> None:
        _, message = GstSdp.SDPMessage.new_from_text(sdp)
        await self._promised("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(kind, message))
        # webrtcbin does not take the candidates out of a description.
        line = -1
        for text in sdp.splitlines():
            line += text.startswith("m=")
            if text.startswith("a=candidate:"):
                self.bin.emit("add-ice-candidate", line, text[2:])

    async def answer_media(self, offer: str, sections: Sequence[Section]) -> str:
        if self.sections:
            raise Unsupported("webrtcbin 1.22 is not made to renegotiate here")
        parts = [part for part in re.split(r"(?m)^(?=m=)", offer) if part.startswith(("m=audio", "m=video"))]
        if len({section.codec for section in sections}) < len(sections):
            raise Unsupported("webrtcbin 1.22 sends neither MID nor a=ssrc, so two sections of a codec cannot be told apart")
        if len(parts) != len(sections):
            raise RuntimeError(f"the offer has {len(parts)} media sections, not {len(sections)}")
        for part, section in zip(parts, sections, strict=True):
            found = re.search(rf"(?mi)^a=rtpmap:(\d+) {section.codec}/", part)
            if not found:
                raise RuntimeError(f"the offer has no {section.codec}")
            self.sections.append(GStreamerSection(self, section, int(found[1])))
        self.pipe.set_state(Gst.State.PLAYING)
        await self._remote(offer, GstWebRTC.WebRTCSDPType.OFFER)
        for line, entry in enumerate(self.sections):
            if entry.section.sends:
                self._attach(entry, line)
            self._direct(line, entry.section.direction)
        return await self._described("answer")

    async def connected(self) -> None:
        await self.settled.wait()
        if self.state != "connected":
            raise RuntimeError(f"connectionState became {self.state}")
        for entry in self.sections:
            entry.start()

    async def create(self, label: str, **options: Any) -> Any:
        raise Unsupported("it is driven for media only")

    async def mid(self, index: int) -> str:
        return self.bin.emit("get-transceiver", index).get_property("mid")

    async def seen(self, index: int) -> list[Seen]:
        return self.sections[index].eye.take()

    async def window(self, index: int) -> tuple[np.ndarray, int]:
        return self.sections[index].ear.window()

    async def set_enabled(self, index: int, on: bool) -> None:
        # It has no tracks with `enabled`: the source does what that would do.
        self.sections[index].source.enabled = on

    async def expect_dtmf(self, index: int) -> None:
        raise Unsupported("webrtcbin 1.22 negotiates no telephone-event")

    async def restart_ice(self) -> None:
        raise Unsupported("webrtcbin 1.22 cannot restart ICE")

    async def credentials(self) -> tuple[str, str]:
        raise Unsupported("webrtcbin 1.22 cannot restart ICE")

    async def replace_track(self, index: int, change: dict[str, int] | None) -> None:
        raise Unsupported("webrtcbin has no replaceTrack")

    async def request_key_frame(self, index: int) -> None:
        event = GstVideo.video_event_new_upstream_force_key_unit(Gst.CLOCK_TIME_NONE, True, 0)
        self.sections[index].sink.push_event(event)

    async def limit_srtp(self, profile: str) -> None:
        if "GCM" in profile:
            raise Unsupported("its DTLS offers no AES-GCM for SRTP")

    async def stats(self) -> list[dict[str, Any]]:
        return [
            {"type": "outbound-rtp", "kind": entry.section.kind, "pliCount": entry.key_frame_requests} for entry in self.sections
        ]

    async def dtls_version(self) -> str | None:
        return None

    async def close(self) -> None:
        for entry in self.sections:
            if entry.writer:
                entry.writer.cancel()
        await asyncio.to_thread(self.pipe.set_state, Gst.State.NULL)


class GStreamerPeer:
    name = "gstreamer"
    version = ""

    async def start(self) -> None:
        Gst.init(None)
        self.version = Gst.version_string().removeprefix("GStreamer ")

    async def connection(self) -> GStreamerConnection:
        return GStreamerConnection()

    async def stop(self) -> None:
        pass

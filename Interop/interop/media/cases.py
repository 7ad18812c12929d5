# SPDX-License-Identifier: Apache-2.0
"""The media cases, which every peer runs as offerer and as answerer, each on a connection of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from ..cases import Case
from ..peers.base import Unsupported
from ..session import OFFERER, Session
from . import meter
from .call import REFERENCE, Call
from .meter import together
from .section import RECVONLY, SENDONLY, SENDRECV, Section

MEDIA_CASES: list[Case] = []
SECONDS = 12
CODECS = ("opus", "G722", "PCMU", "VP8", "H264")
DIRECTIONS = (SENDRECV, SENDONLY, RECVONLY)
SECOND_HERTZ = 1000
SECOND_START = 0x4000


def media_case(name: str, seconds: float = SECONDS) -> Callable[[Callable[[Call, dict[str, Any]], Awaitable[None]]], None]:
    """Adds a case; what it puts into the dictionary is told with its outcome."""

    def add(run: Callable[[Call, dict[str, Any]], Awaitable[None]]) -> None:
        async def case(session: Session) -> None:
            await run(Call(session), session.facts)

        MEDIA_CASES.append(Case(f"media: {name}", case, seconds))

    return add


def add_direction(codec: str, direction: str) -> None:
    @media_case(f"{codec} {direction}")
    async def one_way_or_both(call: Call, facts: dict[str, Any]) -> None:
        facts["codec"] = codec
        await call.start(Section(codec, direction))
        if direction == SENDONLY:
            facts |= await call.reaches_server(0)
        else:
            facts |= await call.arrives(0)
        if direction != RECVONLY and (got := await call.codec(0)) != codec:
            raise AssertionError(f"the server received {got}")
        if cipher := await call.srtp():
            facts["srtp"] = cipher


for codec in CODECS:
    for direction in DIRECTIONS:
        add_direction(codec, direction)


@media_case("audio and video")
async def both(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("opus"), Section("VP8"))
    sound, picture = await together(call.arrives(0), call.arrives(1))
    facts |= {"codec": "opus, VP8", **sound, **picture}


@media_case("two audio and two video tracks")
async def two_of_each(call: Call, facts: dict[str, Any]) -> None:
    if REFERENCE:
        raise Unsupported("reference server: aiortc does not route by MID")
    await call.start(
        Section("opus"), Section("VP8"),
        Section("opus", hertz=SECOND_HERTZ), Section("VP8", start=SECOND_START),
    )  # fmt: skip
    await together(call.arrives(0), call.arrives(1, high=SECOND_START), call.arrives(2), call.arrives(3))


@media_case("picture mirrored by the server")
async def mirror(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("VP8"), video_transform="mirror")
    facts |= await call.arrives(0, mirrored=True)


@media_case("outlines drawn by the server")
async def edges(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("VP8"), video_transform="edges")
    facts |= await call.arrives(0, kind="edges")


@media_case("encoded media forwarded")
async def forward(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("opus"), Section("VP8"), mode="forward")
    sound, picture = await together(call.arrives(0), call.arrives(1))
    facts |= {"codec": "opus, VP8", **sound, **picture}


@media_case("tracks disabled by the peer")
async def disabled(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("opus"), Section("VP8"))
    await together(call.arrives(0), call.arrives(1))
    for index in (0, 1):
        await call.connection.set_enabled(index, False)
    await together(meter.silence(call.connection, 0), meter.black(call.connection, 1))
    for index in (0, 1):
        await call.connection.set_enabled(index, True)
    await together(call.arrives(0), call.arrives(1))


@media_case("tracks muted by the server")
async def muted(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("opus"), Section("VP8"))
    await together(call.arrives(0), call.arrives(1))
    mids = [await call.connection.mid(index) for index in (0, 1)]
    for mid in mids:
        await call.ask(do="mute", mid=mid, on=True)
    await together(meter.silence(call.connection, 0), meter.black(call.connection, 1))
    for mid in mids:
        await call.ask(do="mute", mid=mid, on=False)
    await together(call.arrives(0), call.arrives(1))


@media_case("tracks replaced by the peer")
async def replaced(call: Call, facts: dict[str, Any]) -> None:
    if REFERENCE and call.connection.jumps:
        raise Unsupported("reference server: aiortc does not follow a jump of the sequence number")
    await call.start(Section("opus"), Section("VP8"))
    await together(call.arrives(0), call.arrives(1, high=SECOND_START))
    await call.connection.replace_track(0, {"hertz": SECOND_HERTZ})
    await call.connection.replace_track(1, {"start": SECOND_START})
    await together(call.arrives(0, hertz=SECOND_HERTZ), call.arrives(1, low=SECOND_START))


@media_case("tracks replaced by the server")
async def replaced_by_server(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("opus"), Section("VP8"))
    await together(call.arrives(0), call.arrives(1))
    mids = [await call.connection.mid(index) for index in (0, 1)]
    for mid in mids:
        await call.ask(do="replaceTrack", mid=mid, **{"with": "pattern"})
    await together(call.arrives(0, own=False), call.arrives(1, own=False))
    for mid in mids:
        await call.ask(do="replaceTrack", mid=mid, **{"with": "echo"})
    await together(call.arrives(0), call.arrives(1))


def stands_still() -> Callable[[dict[str, Any]], bool]:
    """Judges reports of a section: nothing comes, or (as Firefox does) the last picture over and over."""
    seen: dict[str, Any] = {"counter": None, "since": time.monotonic()}

    def judge(entry: dict[str, Any]) -> bool:
        counter = entry.get("counter")
        if counter != seen["counter"] or counter is None:
            seen.update(counter=counter, since=time.monotonic())
        return entry["muted"] or time.monotonic() - seen["since"] > 1.5

    return judge


@media_case("sender without a track for a while", seconds=18)
async def paused(call: Call, facts: dict[str, Any]) -> None:
    if REFERENCE and call.connection.jumps:
        raise Unsupported("reference server: aiortc does not follow a jump of the sequence number")
    await call.start(Section("opus"), Section("VP8"))
    await together(call.arrives(0), call.arrives(1))
    for index in (0, 1):
        await call.connection.replace_track(index, None)
    for index in (0, 1):
        await call.reported(index, stands_still())
    for index in (0, 1):
        await call.connection.replace_track(index, {"start": SECOND_START})
    for index in (0, 1):
        await call.reported(index, lambda entry: not entry["muted"])
    await together(call.arrives(0), call.arrives(1, low=SECOND_START))


@media_case("sections added and removed", seconds=20)
async def renegotiated(call: Call, facts: dict[str, Any]) -> None:
    codecs = {} if call.role == OFFERER else {"codecs": ["opus", "VP8"]}
    await call.start(Section("opus"), **codecs)
    await call.arrives(0)
    added = await call.add(Section("VP8"))
    await together(call.arrives(0), call.arrives(added))
    await call.remove(added)
    await call.arrives(0)
    again = await call.add(Section("VP8", start=SECOND_START))
    await together(call.arrives(0), call.arrives(again, low=SECOND_START))


@media_case("ICE restart in a call", seconds=18)
async def restarted(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("opus"), Section("VP8"))
    await together(call.arrives(0), call.arrives(1))
    before = await call.connection.credentials()
    await call.restart_ice()
    after = await call.connection.credentials()
    if before[0] == after[0] or before[1] == after[1]:
        raise AssertionError(f"the ufrags were {before} and are {after}")
    await asyncio.sleep(0.3)
    await together(call.arrives(0), call.arrives(1))


@media_case("key frame asked for by the server")
async def keyframe_for_server(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("VP8"))
    await call.arrives(0)
    before = await outbound(call, "pliCount", "firCount")
    await call.ask(do="keyframe", mid=await call.connection.mid(0))
    while await outbound(call, "pliCount", "firCount") <= before:
        await asyncio.sleep(0.1)
    await call.arrives(0)


async def outbound(call: Call, *members: str) -> int:
    """The sum of members of the peer's outbound-rtp statistics for video."""
    for entry in await call.connection.stats():
        if entry.get("type") == "outbound-rtp" and entry.get("kind") == "video":
            return sum(entry.get(member) or 0 for member in members)
    raise Unsupported("this peer has no statistics of what it sends")


@media_case("key frame asked for by the peer")
async def keyframe_for_peer(call: Call, facts: dict[str, Any]) -> None:
    await call.start(Section("VP8"))
    await call.arrives(0)
    before = (await call.report(0))["keyFrameRequests"]
    await call.connection.request_key_frame(0)
    await call.reported(0, lambda entry: entry["keyFrameRequests"] > before)
    await call.arrives(0)


@media_case("DTMF sent by the peer")
async def dtmf_to_server(call: Call, facts: dict[str, Any]) -> None:
    if REFERENCE:
        raise Unsupported("reference server: aiortc negotiates no telephone-event")
    await call.start(Section("opus"))
    await call.arrives(0)
    await call.connection.insert_dtmf(0, "19#")
    await call.reported(0, lambda entry: entry["digits"] == "19#")
    await call.arrives(0)


@media_case("DTMF sent by the server", seconds=16)
async def dtmf_from_server(call: Call, facts: dict[str, Any]) -> None:
    facts["codec"] = call.connection.tone_codec
    await call.start(Section(call.connection.tone_codec))
    await call.arrives(0)
    await call.connection.expect_dtmf(0)
    mid = await call.connection.mid(0)
    # A busy machine may not listen just when a tone of 100 ms sounds: the keys are pressed again, up to three times.
    for attempt in range(3):
        await call.ask(do="dtmf", mid=mid, tones="25*")
        try:
            await asyncio.wait_for(call.connection.heard_dtmf(0, "25*"), 3.5 if attempt < 2 else None)
            break
        except TimeoutError:
            continue
    await call.arrives(0)


def add_srtp(name: str, profile: str, ciphers: tuple[str, ...]) -> None:
    @media_case(f"SRTP with {name}")
    async def protected(call: Call, facts: dict[str, Any]) -> None:
        await call.connection.limit_srtp(profile)
        await call.start(Section("opus"), Section("VP8"), srtp=[profile])
        await together(call.arrives(0), call.arrives(1))
        facts["srtp"] = await call.srtp()
        if facts["srtp"] is not None and facts["srtp"] not in ciphers:
            raise AssertionError(f"the peer's cipher is {facts['srtp']}")


add_srtp("AES-GCM", "SRTP_AEAD_AES_128_GCM", ("SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM"))
add_srtp("AES-CM", "SRTP_AES128_CM_SHA1_80", ("SRTP_AES128_CM_HMAC_SHA1_80", "SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80"))

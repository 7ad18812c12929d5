# SPDX-License-Identifier: Apache-2.0
"""Cases against the server's HTTP alone: what it must refuse, and say why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp

NO_DATA = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
NO_ICE = NO_DATA + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sctp-port:5000\r\n"

HTTPCase = Callable[[aiohttp.ClientSession], Awaitable[None]]
HTTP_CASES: list[tuple[str, HTTPCase]] = []


def refusal(name: str, path: str, **request: object) -> None:
    """Adds a case: this POST is answered with 4xx and JSON that says what is wrong."""

    async def run(http: aiohttp.ClientSession) -> None:
        async with http.post(path, **request) as response:
            if not 400 <= response.status < 500:
                raise AssertionError(f"status {response.status}")
            error = (await response.json())["error"]
            if not isinstance(error, str) or not error:
                raise AssertionError(f"error is {error!r}")

    HTTP_CASES.append((name, run))


async def page(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        if response.status != 200 or response.content_type != "text/html":
            raise AssertionError(f"status {response.status}, {response.content_type}")


async def missing(http: aiohttp.ClientSession) -> None:
    async with http.get("/no-such-page") as response:
        if response.status != 404:
            raise AssertionError(f"status {response.status}")


HTTP_CASES.append(("GET / is HTML", page))
HTTP_CASES.append(("unknown path is 404", missing))
refusal("offer that is not JSON", "/offer", data=b"{", headers={"Content-Type": "application/json"})
refusal("offer without sdp", "/offer", json={"type": "offer"})
refusal("offer with a number for sdp", "/offer", json={"type": "offer", "sdp": 7})
refusal("offer of the type answer", "/offer", json={"type": "answer", "sdp": NO_ICE})
refusal("offer that is not SDP", "/offer", json={"type": "offer", "sdp": "hello"})
refusal("offer with nothing to connect", "/offer", json={"type": "offer", "sdp": NO_DATA})
refusal("offer without ICE credentials", "/offer", json={"type": "offer", "sdp": NO_ICE})
refusal("offer of more than 256 KiB", "/offer", json={"type": "offer", "sdp": "x" * (257 << 10)})
refusal("answer to an unknown session", "/session/none/answer", json={"type": "answer", "sdp": NO_ICE})
refusal("offer with an unknown video_transform", "/offer", json={"type": "offer", "sdp": NO_ICE, "video_transform": "sepia"})
refusal("offer with an unknown mode", "/offer", json={"type": "offer", "sdp": NO_ICE, "mode": "backwards"})
refusal("session with an unknown video_transform", "/session", json={"video_transform": "sepia"})
refusal("session with an unknown kind of media", "/session", json={"media": ["smell"]})
refusal("further offer to an unknown session", "/session/none/offer", json={"type": "offer", "sdp": NO_ICE})
refusal("control of an unknown session", "/session/none/control", json={"do": "report"})


async def bad_answer(http: aiohttp.ClientSession) -> None:
    async with http.post("/session", json={}) as response:
        session = await response.json()
    async with http.post(f"/session/{session['id']}/answer", json={"type": "answer", "sdp": "hello"}) as response:
        if not 400 <= response.status < 500 or not (await response.json()).get("error"):
            raise AssertionError(f"status {response.status}")


HTTP_CASES.append(("answer that is not SDP", bad_answer))

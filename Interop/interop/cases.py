# SPDX-License-Identifier: Apache-2.0
"""The cases that every peer runs, as offerer and as answerer, each on a connection of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .session import ANSWERER, Session

KIB = 1 << 10
MIB = 1 << 20
MESSAGE = 16 * KIB


@dataclass(frozen=True)
class Case:
    name: str
    run: Callable[[Session], Awaitable[None]]
    seconds: float


CASES: list[Case] = []


def case(name: str, seconds: float = 15) -> Callable[[Callable[[Session], Awaitable[None]]], None]:
    def add(run: Callable[[Session], Awaitable[None]]) -> None:
        CASES.append(Case(name, run, seconds))

    return add


def expect(what: str, got: object, wanted: object) -> None:
    if got == wanted:
        return
    where = ""
    if isinstance(got, bytes) and isinstance(wanted, bytes):
        same = len(os.path.commonprefix([got, wanted]))
        where = f" ({len(got)} and {len(wanted)} bytes, the first {same} are equal)"
    raise AssertionError(f"{what}: got {short(got)}, wanted {short(wanted)}{where}")


def short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"


async def echoes(channel, *messages: str | bytes) -> None:
    for message in messages:
        await channel.send(message)
        expect("echo", await channel.receive(), message)


@case("connect")
async def connect(session: Session) -> None:
    if session.role == ANSWERER:
        await session.announced("echo")
    else:
        await session.open("echo")


@case("text")
async def text(session: Session) -> None:
    await echoes(await session.open("echo"), "hello", "a\r\nb\0c", "x" * 5000)


@case("text outside ASCII")
async def unicode_text(session: Session) -> None:
    await echoes(await session.open("echo"), "Grüße, 日本語, 🦜 and e\u0301", "\u0000\uffff\U0010ffff")


@case("binary")
async def binary(session: Session) -> None:
    await echoes(await session.open("echo"), bytes(range(256)), b"\0", os.urandom(1199), os.urandom(70_000))


@case("empty messages")
async def empty(session: Session) -> None:
    await echoes(await session.open("echo"), "", b"", "", "end")


@case("message of 256 KiB")
async def large(session: Session) -> None:
    await echoes(await session.open("echo"), os.urandom(256 * KIB))


@case("channel that the server opens")
async def announced(session: Session) -> None:
    if session.role == ANSWERER:
        await echoes(await session.announced("echo"), "hello", b"\x01\x02")
    else:
        await echoes(await session.open("echo-first"), "hello")
        await echoes(await session.open("echo-later"), "again")


@case("echo of 16 MiB", seconds=45)
async def bulk(session: Session) -> None:
    await (await session.open("echo")).echo(16 * MIB, MESSAGE)


@case("sink of 16 MiB", seconds=30)
async def sink(session: Session) -> None:
    channel = await session.open("sink")
    await channel.upload(16 * MIB, MESSAGE)
    await channel.send("total")
    expect("total", await channel.receive(), str(16 * MIB))


@case("source of 16 MiB", seconds=30)
async def source(session: Session) -> None:
    channel = await session.open("source")
    await channel.send(str(16 * MIB))
    await channel.download(16 * MIB)
    await channel.send("1000")
    await channel.download(1000)


@case("20 channels at once")
async def many(session: Session) -> None:
    channels = await session.open_all([f"echo-{number}" for number in range(20)])
    await asyncio.gather(*(echoes(channel, f"I am {number}", bytes([number])) for number, channel in enumerate(channels)))


@case("unordered channel")
async def unordered(session: Session) -> None:
    channel = await session.open("echo-unordered", ordered=False)
    sent = [f"message {number}" for number in range(100)]
    for message in sent:
        await channel.send(message)
    expect("messages", sorted([await channel.receive() for _ in sent]), sorted(sent))


@case("channel without retransmission")
async def unreliable(session: Session) -> None:
    await echoes(await session.open("echo-datagrams", ordered=False, maxRetransmits=0), "hello", bytes(100))


@case("channel with a life time")
async def timed(session: Session) -> None:
    await echoes(await session.open("echo-timed", maxPacketLifeTime=2000), "hello", bytes(100))


@case("label outside ASCII")
async def unicode_label(session: Session) -> None:
    await echoes(await session.open("echo-日本語-é-🦜"), "hello")


@case("channel closed by the peer")
async def closed_by_peer(session: Session) -> None:
    channel = await session.open("echo")
    await echoes(channel, "hello")
    await channel.close()
    await channel.closed()
    await echoes(await session.open("echo-after"), "still here")


@case("channel closed by the server")
async def closed_by_server(session: Session) -> None:
    channel = await session.open("close")
    await channel.send("now")
    await channel.closed()
    await echoes(await session.open("echo-after"), "still here")


@case("40 channels one after the other")
async def reused(session: Session) -> None:
    for number in range(40):
        channel = await session.open("echo")
        await echoes(channel, f"round {number}")
        await channel.close()
        await channel.closed()


@case("server notices the peer's close")
async def noticed(session: Session) -> None:
    await echoes(await session.open("echo"), "hello")
    expect("state at the server", await session.state_at_server(), "connected")
    await session.connection.close()
    async with asyncio.timeout(10):
        while await session.state_at_server() not in (None, "closed", "failed"):
            await asyncio.sleep(0.05)


@case("chat: ping and pong")
async def chat(session: Session) -> None:
    channel = await session.open("chat")
    for rest in ("", " 1", " ünï"):
        await channel.send(f"ping{rest}")
        expect("answer", await channel.receive(), f"pong{rest}")


@case("file there and back")
async def file(session: Session) -> None:
    channel = await session.open("file")
    content = os.urandom(100_001)
    meta = {"name": "Übung 1.bin", "size": len(content), "type": "application/octet-stream"}
    await channel.send('{"get": true}')
    if "error" not in json.loads(await channel.receive()):
        raise AssertionError("a file came back before one was sent")
    for _ in range(2):
        await channel.send(json.dumps(meta, ensure_ascii=False))
        for start in range(0, len(content), MESSAGE):
            await channel.send(content[start : start + MESSAGE])
        await channel.send("end")
        digest = hashlib.sha256(content).hexdigest()
        expect("answer", json.loads(await channel.receive()), {"received": len(content), "sha256": digest})
        await channel.send('{"get": true}')
        expect("file", json.loads(await channel.receive()), meta)
        back = b""
        while (message := await channel.receive()) != "end":
            back += message
        expect("content", back, content)


@case("file that is too large")
async def large_file(session: Session) -> None:
    channel = await session.open("file")
    await channel.send(json.dumps({"name": "all", "size": 1 << 50, "type": ""}))
    if not json.loads(await channel.receive())["error"]:
        raise AssertionError("no reason")
    await channel.closed()
    await echoes(await session.open("echo-after"), "still here")

# SPDX-License-Identifier: Apache-2.0
"""Cases of `rtc send` and `rtc receive`: against each other, and against a peer that behaves as aiortc's
datachannel-filexfer example does."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import socket
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from .server import built_binary

SIZE = 5 << 20
FileCase = Callable[[Path], Awaitable[None]]
FILE_CASES: list[tuple[str, Callable[[], Awaitable[None]]]] = []


def file_case(name: str) -> Callable[[FileCase], FileCase]:
    """Adds a case, which gets a folder with a random file `in`."""

    def add(case: FileCase) -> FileCase:
        async def run() -> None:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                (folder / "in").write_bytes(os.urandom(SIZE))
                await case(folder)

        FILE_CASES.append((name, run))
        return case

    return add


async def rtc(*arguments: object, hand: bool = False, folder: Path | None = None) -> asyncio.subprocess.Process:
    binary = os.environ.get("RTC_BINARY") or built_binary()
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        str(Path(binary).resolve()), *map(str, arguments), stdin=pipe if hand else asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe,
        cwd=folder,
    )


@contextlib.asynccontextmanager
async def running(*processes: Awaitable[asyncio.subprocess.Process]):
    """The processes, which end with the block whatever happens in it."""
    started = [await process for process in processes]
    try:
        yield started
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def succeed(process: asyncio.subprocess.Process) -> None:
    _, errors = await process.communicate()
    if process.returncode:
        raise AssertionError(f"status {process.returncode}: {errors.decode(errors='replace')[-400:]}")


async def refused(expected: str, *arguments: object) -> None:
    """The command fails, and its message has the expected words."""
    async with running(rtc(*arguments)) as (process,):
        _, errors = await process.communicate()
    if not process.returncode or expected not in errors.decode():
        raise AssertionError(f"status {process.returncode}, {errors.decode()!r} instead of {expected!r}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def equal(folder: Path) -> None:
    if digest(folder / "in") != digest(folder / "out"):
        raise AssertionError("the file came over changed")
    if left := list(folder.glob("*.part")):
        raise AssertionError(f"{left[0].name} was left behind")


async def both(folder: Path, *signaling: object) -> None:
    async with running(
        rtc("send", folder / "in", "--loopback", *signaling), rtc("receive", folder / "out", "--loopback", *signaling)
    ) as processes:
        await asyncio.gather(*map(succeed, processes))
    equal(folder)


@file_case("file over tcp-socket")
async def over_tcp(folder: Path) -> None:
    await both(folder, "--signaling", "tcp-socket", "--signaling-port", free_port())


@file_case("file over unix-socket")
async def over_unix(folder: Path) -> None:
    await both(folder, "--signaling", "unix-socket", "--signaling-path", folder / "socket")


@file_case("file under the sender's name")
async def under_its_name(folder: Path) -> None:
    name = "ein Gruß; 100 %.bin"
    (folder / "in").rename(folder / name)
    (folder / "there").mkdir()
    signaling = ["--loopback", "--signaling", "tcp-socket", "--signaling-port", free_port()]
    async with running(rtc("send", folder / name, *signaling), rtc("receive", *signaling, folder=folder / "there")) as processes:
        await asyncio.gather(*(succeed(process) for process in processes))
    if (folder / "there" / name).read_bytes() != (folder / name).read_bytes():
        raise AssertionError("the file came with other content")


@file_case("empty file")
async def empty(folder: Path) -> None:
    (folder / "in").write_bytes(b"")
    await both(folder, "--signaling", "tcp-socket", "--signaling-port", free_port())


@file_case("file over copy-and-paste")
async def by_hand(folder: Path) -> None:
    async with running(
        rtc("send", folder / "in", "--loopback", hand=True), rtc("receive", folder / "out", "--loopback", hand=True)
    ) as (sender, receiver):
        receiver.stdin.write(b"nonsense\n\n" + await sender.stdout.readline())
        sender.stdin.write(await receiver.stdout.readline())
        await asyncio.gather(receiver.wait(), sender.wait())
        await asyncio.gather(succeed(sender), succeed(receiver))
    equal(folder)


@file_case("sender that dies is noticed")
async def sender_dies(folder: Path) -> None:
    signaling = ["--loopback", "--signaling", "tcp-socket", "--signaling-port", free_port()]
    async with running(rtc("send", folder / "in", *signaling)) as (sender,):
        await asyncio.sleep(0.2)
        sender.kill()
        await sender.wait()
    port = free_port()
    async with running(rtc("receive", folder / "out", "--signaling", "tcp-socket", "--signaling-port", port)) as (process,):
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port)
        _, errors = await process.communicate()
        server.close()
    if process.returncode == 0 or b"left before it sent its offer" not in errors or (folder / "out").exists():
        raise AssertionError(f"status {process.returncode}, {errors.decode()!r}")


@file_case("wrong arguments are explained")
async def wrong_arguments(folder: Path) -> None:
    tcp = ["--signaling", "tcp-socket"]
    await refused("there is no such file", "send", folder / "missing", *tcp)
    await refused("it is a folder", "send", folder, *tcp)
    await refused("exists already", "receive", folder / "in", *tcp)
    await refused("--force", "receive", folder / "in", *tcp)
    await refused("it is a folder", "receive", folder, *tcp)
    await refused("No such file or directory", "receive", folder / "missing" / "out", *tcp)
    await refused("99999", "send", folder / "in", *tcp, "--signaling-port", 99_999)
    await refused("the host is not known", "receive", folder / "out", *tcp, "--signaling-host", "no-such-host.invalid")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        await refused("in use", "send", folder / "in", "--loopback", *tcp, "--signaling-port", port)
        await refused("in use", "serve", "--port", port)
    await refused("99999", "serve", "--port", 99_999)
    await refused("cannot listen", "serve", "--host", "no-such-host.invalid")


async def consume(connection, signaling) -> None:
    """Answers what comes over signaling until the other side says goodbye."""
    from aiortc import RTCIceCandidate, RTCSessionDescription
    from aiortc.contrib.signaling import BYE

    while True:
        message = await signaling.receive()
        if isinstance(message, RTCSessionDescription):
            await connection.setRemoteDescription(message)
            if message.type == "offer":
                await connection.setLocalDescription(await connection.createAnswer())
                await signaling.send(connection.localDescription)
        elif isinstance(message, RTCIceCandidate):
            await connection.addIceCandidate(message)
        elif message is BYE:
            return
        elif message is None:
            raise AssertionError("signaling ended without a goodbye")


@contextlib.asynccontextmanager
async def python_peer(port: int):
    import aiortc
    from aiortc.contrib.signaling import TcpSocketSignaling

    from .peers.aiortc_peer import only_loopback

    only_loopback()
    connection = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
    signaling = TcpSocketSignaling("127.0.0.1", port)
    try:
        yield connection, signaling
    finally:
        await connection.close()
        with contextlib.suppress(Exception):
            await signaling.close()


@file_case("file from aiortc")
async def from_python(folder: Path) -> None:
    port = free_port()
    with (folder / "in").open("rb") as file:
        async with python_peer(port) as (connection, signaling):
            channel = connection.createDataChannel("filexfer")
            done = False

            def send() -> None:
                nonlocal done
                while channel.bufferedAmount <= channel.bufferedAmountLowThreshold and not done:
                    data = file.read(16_384)
                    channel.send(data)
                    done = not data

            channel.on("bufferedamountlow", send)
            channel.on("open", send)
            await connection.setLocalDescription(await connection.createOffer())
            receive = rtc("receive", folder / "out", "--loopback", "-s", "tcp-socket", "--signaling-port", port)
            async with running(receive) as (process,):
                await signaling.send(connection.localDescription)
                await consume(connection, signaling)
                await succeed(process)
    equal(folder)


@file_case("file to aiortc")
async def to_python(folder: Path) -> None:
    from aiortc.contrib.signaling import BYE

    port = free_port()
    with (folder / "out").open("wb") as file:
        async with python_peer(port) as (connection, signaling):

            @connection.on("datachannel")
            def on_channel(channel) -> None:
                @channel.on("message")
                async def on_message(message: bytes) -> None:
                    if message:
                        file.write(message)
                    else:
                        file.flush()
                        await signaling.send(BYE)

            send = rtc("send", folder / "in", "--loopback", "-s", "tcp-socket", "--signaling-port", port)
            async with running(send) as (process,):
                # aiortc's helper connects once; the other end must listen by then.
                await process.stderr.readline()
                for _ in range(50):
                    try:
                        await signaling.connect() if hasattr(signaling, "connect") else None
                        await consume(connection, signaling)
                        break
                    except ConnectionRefusedError:
                        await asyncio.sleep(0.1)
                await succeed(process)
    equal(folder)

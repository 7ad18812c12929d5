# SPDX-License-Identifier: Apache-2.0
"""What the cases need of a peer: the W3C names, reduced to the verbs that the cases use."""

from __future__ import annotations

from typing import Any, Protocol


class Unsupported(Exception):
    """The peer itself cannot do what the case needs: the case is skipped and the reason printed."""


class Channel(Protocol):
    async def opened(self) -> None:
        """Returns when the channel is open; raises when it closes before."""

    async def closed(self) -> None:
        """Returns when the channel is closed at the peer."""

    async def close(self) -> None: ...

    async def send(self, message: str | bytes) -> None: ...

    async def receive(self) -> str | bytes:
        """The next message that no earlier call has taken."""

    async def echo(self, total: int, size: int) -> None:
        """Sends `total` bytes in messages of `size`, paced by bufferedAmount, and checks that each comes back."""

    async def upload(self, total: int, size: int) -> None:
        """Sends `total` bytes in messages of `size`, paced by bufferedAmount."""

    async def download(self, total: int) -> None:
        """Returns when binary messages of `total` bytes in all have come."""


class Connection(Protocol):
    async def offer(self) -> str:
        """An SDP offer with all candidates. Needs a channel, or there is nothing to offer."""

    async def accept(self, answer: str) -> None: ...

    async def answer(self, offer: str) -> str:
        """The SDP answer to `offer`, with all candidates."""

    async def connected(self) -> None:
        """Returns when connectionState is `connected`; raises when it fails or closes."""

    async def create(self, label: str, **options: Any) -> Channel:
        """A new channel, which may not be open yet. The options are those of RTCDataChannelInit."""

    async def incoming(self, label: str) -> Channel:
        """The channel that the other side announces under `label`."""

    async def dtls_version(self) -> str | None:
        """`1.2` or `1.3` from the statistics, or None where the peer has no such statistics."""

    async def close(self) -> None: ...


class Peer(Protocol):
    name: str
    version: str

    async def start(self) -> None: ...

    async def connection(self) -> Connection: ...

    async def stop(self) -> None:
        """Ends what `start` has begun, even where it did not get to its end."""


def dtls_name(tls_version: str | None) -> str | None:
    """The name of a version as RTCTransportStats.tlsVersion gives it (four hexadecimal digits)."""
    if not tls_version:
        return None
    return {"FEFD": "1.2", "FEFC": "1.3"}.get(tls_version.upper(), tls_version)

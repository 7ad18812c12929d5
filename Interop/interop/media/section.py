# SPDX-License-Identifier: Apache-2.0
"""What a case asks for: one media section, from the peer's side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SENDRECV = "sendrecv"
SENDONLY = "sendonly"
RECVONLY = "recvonly"
AUDIO = ("opus", "G722", "PCMU", "PCMA")


def kind_of(codec: str) -> str:
    return "audio" if codec in AUDIO else "video"


@dataclass(frozen=True)
class Section:
    """`codec` is the only one that the peer is to negotiate; `start` is the first counter, `hertz` the tone sent."""

    codec: str
    direction: str = SENDRECV
    hertz: int = 620
    start: int = 0

    @property
    def kind(self) -> str:
        return kind_of(self.codec)

    @property
    def sends(self) -> bool:
        return self.direction in (SENDRECV, SENDONLY)

    @property
    def receives(self) -> bool:
        return self.direction in (SENDRECV, RECVONLY)

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "kind": self.kind, "sends": self.sends, "receives": self.receives}

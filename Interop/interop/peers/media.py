# SPDX-License-Identifier: Apache-2.0
"""What the media cases need of a connection, with what a peer that lacks a part of it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..media import meter
from ..media.meter import Seen
from ..media.section import Section
from .base import Unsupported


class MediaConnection:
    """Sections are known by their index in the order in which they were asked for."""

    jumps = False  # whether sequence numbers and timestamps begin anew when a track is replaced

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}

    async def add(self, sections: Sequence[Section]) -> None:
        """Prepares sections that the next offer will have."""
        raise NotImplementedError

    async def answer_media(self, offer: str, sections: Sequence[Section]) -> str:
        """The answer to an offer whose new media sections are to become `sections`."""
        raise NotImplementedError

    async def started(self) -> None:
        """Called once the connection is there."""

    async def mid(self, index: int) -> str:
        raise NotImplementedError

    async def seen(self, index: int) -> list[Seen]:
        """The pictures that a section has brought since the last call."""
        raise NotImplementedError

    async def window(self, index: int) -> tuple[np.ndarray, int]:
        """The newest tenth of a second, about, of a section's sound in -1…1, and its rate."""
        raise NotImplementedError

    async def set_enabled(self, index: int, on: bool) -> None:
        """`enabled` of the track that is sent."""
        raise Unsupported("its tracks cannot be disabled")

    async def replace_track(self, index: int, change: dict[str, int] | None) -> None:
        """Sends another track, which differs from the first by `change`, or none."""
        raise Unsupported("it has no replaceTrack")

    async def remove(self, index: int) -> None:
        """Stops the transceiver of a section."""
        raise Unsupported("it cannot stop a transceiver")

    async def insert_dtmf(self, index: int, tones: str) -> None:
        raise Unsupported("it sends no DTMF")

    @property
    def tone_codec(self) -> str:
        """The codec beside which it plays DTMF."""
        return "opus"

    async def expect_dtmf(self, index: int) -> None:
        """Called before the server sends DTMF."""

    async def heard_dtmf(self, index: int, tones: str) -> None:
        """Returns when the tones have come; those of the kind that plays them are found in the sound."""
        await meter.keys(self, index, tones)

    async def request_key_frame(self, index: int) -> None:
        raise Unsupported("it cannot be told to ask for a key frame")

    async def restart_ice(self) -> None:
        """Makes the next offer restart ICE."""
        raise Unsupported("it cannot restart ICE")

    async def credentials(self) -> tuple[str, str]:
        """The local and the remote ufrag."""
        raise Unsupported("it does not tell its descriptions")

    async def limit_srtp(self, profile: str) -> None:
        """Called before connecting; the server is limited to this profile too."""

    async def stats(self) -> list[dict[str, Any]]:
        """The statistics with the W3C's member names."""
        return []

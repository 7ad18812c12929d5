# SPDX-License-Identifier: Apache-2.0
"""The peers by name. Each is imported only where it runs: their libraries are large."""

from __future__ import annotations

from .base import Peer

NAMES = ["chromium", "firefox", "libwebrtc", "aiortc", "pion", "gstreamer"]
# These two are driven for media only.
MEDIA_ONLY = ["pion", "gstreamer"]


def make(name: str) -> Peer:
    if name == "chromium":
        from .chromium import ChromiumPeer

        return ChromiumPeer()
    if name == "firefox":
        from .firefox import FirefoxPeer

        return FirefoxPeer()
    if name == "libwebrtc":
        from .libwebrtc import LibwebrtcPeer

        return LibwebrtcPeer()
    if name == "aiortc":
        from .aiortc_peer import AiortcPeer

        return AiortcPeer()
    if name == "pion":
        from .pion import PionPeer

        return PionPeer()
    if name == "gstreamer":
        from .gstreamer import GStreamerPeer

        return GStreamerPeer()
    raise ValueError(f"unknown peer {name!r}; there are {', '.join(NAMES)}")

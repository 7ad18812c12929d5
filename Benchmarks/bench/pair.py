# SPDX-License-Identifier: Apache-2.0
"""What each peer's module connects."""

from __future__ import annotations

from typing import Any, NamedTuple


class Pair(NamedTuple):
    """Two connected peers of this process with one channel between them, open at both ends."""

    offerer: Any
    answerer: Any
    near: Any
    far: Any

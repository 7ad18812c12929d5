# SPDX-License-Identifier: Apache-2.0
"""The targets of Package.swift, the layers they stand on, and the arrows that are allowed between them."""

import json
import subprocess
from typing import NamedTuple

LAYERS = {
    "L0": ["CRTCWire", "RTCWire", "RTCCrypto", "COpus", "CVPX", "COpenH264", "CFFmpeg"],
    "L1": ["RTCSTUN", "RTCICE", "RTCDTLS", "RTCSRTP", "RTCSCTP", "RTCDataChannel", "RTCRTP", "RTCSDP", "RTCMDNS"],
    "L2": ["RTCCongestion", "RTCMedia"],
    "L3": ["RTCEngine", "RTCNegotiation"],
    "L4": ["RTCTransport", "RTCCodecOpus", "RTCCodecG7xx", "RTCCodecVPX", "RTCCodecH264", "RTCCodecAV1", "RTCMediaIO"],
    "L5": ["RTC"],
    "L6": ["RTCSignaling", "RTCCommand"],
    "beside": ["RTCSimulation"],
}
LAYER_OF = {target: layer for layer, targets in LAYERS.items() for target in targets}

# No sockets, clocks, tasks, locks nor randomness of their own below L4.
ENGINES = {target for layer in ("L0", "L1", "L2", "L3") for target in LAYERS[layer]}

# Siblings do not know each other; these few are a part and its whole.
SIDEWAYS = {
    ("RTCWire", "CRTCWire"),
    ("RTCCrypto", "RTCWire"),
    ("RTCICE", "RTCSTUN"),
    ("RTCDataChannel", "RTCSCTP"),
    ("RTCNegotiation", "RTCEngine"),
    ("RTCCommand", "RTCSignaling"),
}

# BoringSSL comes inside NIOSSL; no other engine depends on anything outside this package.
BORINGSSL_USERS = {"RTCCrypto", "RTCDTLS"}


class Target(NamedTuple):
    name: str
    dependencies: list[str]
    products: list[str]


def load() -> list[Target]:
    """The targets of Package.swift under Sources/, in its order."""
    dump = subprocess.run(["swift", "package", "dump-package"], check=True, capture_output=True, text=True).stdout
    return parse(json.loads(dump))


def parse(package: dict) -> list[Target]:
    """The targets under Sources/ of a dumped package; tests and fuzzing stand outside the layers."""
    names = {target["name"] for target in package["targets"]}
    targets = []
    for target in package["targets"]:
        if target["type"] == "test" or target.get("path", "Sources/").split("/")[0] != "Sources":
            continue
        named = [next(iter(dependency.values()))[0] for dependency in target["dependencies"]]
        targets.append(
            Target(target["name"], sorted(set(named) & names), sorted(set(named) - names)),
        )
    return targets


def violations(targets: list[Target]) -> list[tuple[str, str, str]]:
    """What is wrong with the arrows, as (target, what, how to mend it)."""
    found = []
    for target in targets:
        layer = LAYER_OF.get(target.name)
        if layer is None:
            found.append((target.name, "no layer is known", "add it to LAYERS in Scripts/targets.py"))
            continue
        for dependency in target.dependencies:
            if not _may_depend(target.name, dependency):
                arrow = f"arrow to {dependency} ({LAYER_OF.get(dependency, '?')}) from {layer}"
                found.append((target.name, arrow, "depend only on layers below"))
        allowed = {"NIOSSL"} if target.name in BORINGSSL_USERS else set()
        for product in target.products if target.name in ENGINES else []:
            if product not in allowed:
                found.append((target.name, f"an engine depends on {product}", "move what needs it to L4"))
    return found


def _may_depend(target: str, dependency: str) -> bool:
    above, below = LAYER_OF[target], LAYER_OF.get(dependency, "?")
    if (target, dependency) in SIDEWAYS:
        return True
    if below == "beside":
        return False
    # The simulator may use everything; users' tests hold it together with the public API.
    return above == "beside" or below < above


def table(targets: list[Target]) -> str:
    """The targets and arrows as a Markdown table, lowest layer first."""
    rows = ["| layer | target | depends on |", "|---|---|---|"]
    order = list(LAYERS)
    for target in sorted(targets, key=lambda each: order.index(LAYER_OF.get(each.name, "beside"))):
        arrows = [f"`{name}`" for name in target.dependencies] + target.products
        layer = LAYER_OF.get(target.name, "?")
        rows.append(f"| {layer} | `{target.name}` | {', '.join(arrows) or '–'} |")
    return "\n".join(rows)

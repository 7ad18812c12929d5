#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`make docs`: builds the documentation of RTC into .build/docs; a warning is an error. Arguments go to `docc convert`.

What RTC re-exports of RTCMedia belongs to it. Only `swift-symbolgraph-extract` can be told so, and SwiftPM's plugin for
documentation does not pass that on.
"""

import json
import pathlib
import re
import subprocess
import sys

MODULE = "RTC"
REEXPORTED = "RTCMedia"
# Options of the compiler that lead to modules; -Xcc leads on to those of C.
SEARCH = ("-I", "-F", "-Xcc", "-sdk", "-target")


def search_paths(arguments: list[str]) -> list[str]:
    """What of a compiler's arguments says where modules are."""
    found = []
    rest = iter(arguments)
    for argument in rest:
        if argument in SEARCH:
            found += [argument, next(rest)]
        elif argument.startswith(("-I", "-F")):
            found.append(argument)
    return found


def compiler_arguments(manifest: str) -> list[str]:
    """The arguments that a build manifest compiles the module with."""
    for line in re.findall(r"^ *args: (\[.*\])$", manifest, re.MULTILINE):
        arguments = json.loads(line)
        if f"-module-name {MODULE} " in " ".join(arguments):
            return arguments
    raise SystemExit(f"docs: the build says nothing of {MODULE}")


def document(build: pathlib.Path, extra: list[str]) -> int:
    graphs = build / "docs-symbols"
    graphs.mkdir(exist_ok=True)
    arguments = search_paths(compiler_arguments((build / "debug.yaml").read_text(encoding="utf-8")))
    subprocess.run(
        [
            "swift-symbolgraph-extract", "-module-name", MODULE, "-minimum-access-level", "public",
            f"-experimental-allowed-reexported-modules={REEXPORTED}", "-output-dir", graphs,
            "-module-cache-path", build / "docs-modules", *arguments,
        ],
        check=True,
    )  # fmt: skip
    return subprocess.run(
        [
            "docc", "convert", f"Sources/{MODULE}/{MODULE}.docc", "--additional-symbol-graph-dir", graphs,
            "--output-path", build / "docs", "--fallback-display-name", MODULE, "--fallback-bundle-identifier", MODULE,
            "--warnings-as-errors", *extra,
        ],
        check=False,
    ).returncode  # fmt: skip


if __name__ == "__main__":
    subprocess.run(["swift", "build", "--target", MODULE], check=True)
    sys.exit(document(pathlib.Path(".build"), sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the generated blocks of the Markdown files equal to what they show.

    <!-- generated: targets -->                 the table of targets and arrows of Package.swift
    <!-- generated: snippet PATH -->            the part of PATH between `// snippet.show` and `// snippet.hide`
    …
    <!-- end of generated -->

`Scripts/generated.py` names the blocks that differ; `Scripts/generated.py --write` rewrites them.
"""

import functools
import pathlib
import re
import subprocess
import sys
import textwrap

import targets

BLOCK = re.compile(r"(<!-- generated: (\w+) ?(\S*) -->\n)(.*?)(<!-- end of generated -->)", re.DOTALL)
SHOWN = re.compile(r"^ *// snippet\.show\n(.*?)^ *// snippet\.hide$", re.DOTALL | re.MULTILINE)


@functools.cache
def _targets_block(_: str) -> str:
    return targets.table(targets.load()) + "\n"


def _snippet_block(path: str) -> str:
    return snippet(pathlib.Path(path).read_text(encoding="utf-8"))


def snippet(source: str) -> str:
    """The shown part of a Swift file as a fenced block."""
    parts = [textwrap.dedent(part).strip("\n") for part in SHOWN.findall(source)]
    if not parts:
        raise ValueError("it has no part between `// snippet.show` and `// snippet.hide`")
    return "```swift\n" + "\n\n".join(parts) + "\n```\n"


GENERATORS = {"targets": _targets_block, "snippet": _snippet_block}


def refreshed(text: str, generators=None) -> str:
    """`text` with each generated block replaced by what it should hold."""
    generators = generators or GENERATORS
    return BLOCK.sub(lambda block: block[1] + generators[block[2]](block[3]) + block[5], text)


def outdated(text: str, generators=None) -> list[int]:
    """The line numbers of the blocks of `text` that are not what they should be."""
    generators = generators or GENERATORS
    return [
        text.count("\n", 0, block.start()) + 1
        for block in BLOCK.finditer(text)
        if block[4] != generators[block[2]](block[3])
    ]


def markdown_files() -> list[str]:
    command = ["git", "ls-files", "-co", "--exclude-standard", "*.md"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def main() -> int:
    problems = 0
    for path in map(pathlib.Path, markdown_files()):
        text = path.read_text(encoding="utf-8")
        lines = outdated(text)
        if lines and "--write" in sys.argv:
            path.write_text(refreshed(text), encoding="utf-8")
        else:
            problems += len(lines)
            for line in lines:
                print(f"{path}:{line}: generated block is out of date → make format")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

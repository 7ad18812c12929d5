#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`make lint`: checks the rules of CONTRIBUTING.md that a machine can check, and says how to mend each breach."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import generated
import lint_rules
import targets
from lint_rules import Finding

ROOT = pathlib.Path(__file__).resolve().parent.parent


def tracked_files() -> dict[str, str]:
    """The text files of the repository that git does not ignore, those not yet added included."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True)
    files = {}
    for path in filter(None, listing.stdout.split("\0")):
        file = pathlib.Path(path)
        if not file.is_file() or file.is_symlink():
            continue
        content = file.read_bytes()
        if b"\0" not in content:
            files[path] = content.decode("utf-8", errors="replace")
    return files


def check_files(files: dict[str, str]) -> list[Finding]:
    return [finding for path, text in files.items() for finding in lint_rules.check(path, text)]


def check_coverage(files: dict[str, str]) -> list[Finding]:
    tests = [text for path, text in files.items() if path.startswith("Tests/")]
    suites = {name for text in tests for name in re.findall(r"\b(?:struct|class|enum|actor) (\w+)", text)}
    documents = [path for path in files if path.endswith("/RFCCoverage.md")]
    return [finding for path in documents for finding in lint_rules.check_coverage(path, files[path], suites)]


def check_generated(files: dict[str, str]) -> list[Finding]:
    findings = []
    for path in (path for path in files if path.endswith(".md")):
        try:
            lines = generated.outdated(files[path])
        except (OSError, ValueError, KeyError) as error:
            findings.append(Finding(path, 1, f"a generated block cannot be made: {error}", "see Scripts/generated.py"))
            continue
        findings += [Finding(path, line, "generated block is out of date", "make format") for line in lines]
    return findings


def check_targets(files: dict[str, str]) -> list[Finding]:
    manifest = files["Package.swift"].splitlines()

    def line_of(target: str) -> int:
        return next((number for number, line in enumerate(manifest, 1) if f'name: "{target}"' in line), 1)

    wrong = targets.violations(targets.load())
    return [Finding("Package.swift", line_of(name), f"{name}: {what}", fix) for name, what, fix in wrong]


def check_shell(files: dict[str, str]) -> list[Finding]:
    """Every shell script through shellcheck where that is installed, else through bash's own parser."""
    findings = []
    for path, text in files.items():
        first = text.partition("\n")[0]
        if not (path.endswith(".sh") or (first.startswith("#!") and first.endswith("sh"))):
            continue
        command = ["shellcheck", "-x", "-f", "gcc"] if shutil.which("shellcheck") else ["bash", "-n"]
        result = subprocess.run([*command, path], capture_output=True, text=True)
        if result.returncode:
            said = (result.stdout + result.stderr).strip()
            findings.append(Finding(path, 1, f"{command[0]} says:\n{said}\n", "correct it"))
    return findings


def check_format(files: dict[str, str]) -> list[Finding]:
    sources = [path for path in files if path.endswith(".swift")]
    command = ["swift", "format", "lint", "--strict", "--parallel", *sources]
    result = subprocess.run(command, capture_output=True, text=True)
    said = (result.stdout + result.stderr).replace(f"{ROOT}/", "").strip()
    return [Finding("Swift files", 0, f"swift format says:\n{said}\n", "make format")] if result.returncode else []


CHECKS = [check_files, check_coverage, check_targets, check_generated, check_shell, check_format]


def main() -> int:
    started = time.monotonic()
    os.chdir(ROOT)
    files = tracked_files()
    findings = [finding for check in CHECKS for finding in check(files)]
    for finding in sorted(findings, key=lambda each: (each.is_warning, each.path, each.line)):
        print(finding)
    errors = sum(not finding.is_warning for finding in findings)
    print(f"lint: {errors} problems in {len(files)} files ({time.monotonic() - started:.1f} s)")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

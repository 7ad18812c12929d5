# SPDX-License-Identifier: Apache-2.0
"""The rules that `make lint` checks on the text of one file: pure functions, tried by lint_test.py."""

import re
import warnings
from collections.abc import Callable, Iterator
from typing import NamedTuple

from targets import BORINGSSL_USERS, ENGINES

SPDX = "SPDX-License-Identifier: Apache-2.0"
CODE_SUFFIXES = (".swift", ".c", ".h", ".cc", ".py", ".sh", ".js", ".mjs", ".go")
LONG, TOO_LONG = 500, 800
# Files that are one long table; say beside each what it is.
TABLES: set[str] = set()


class Finding(NamedTuple):
    path: str
    line: int
    what: str
    fix: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.is_warning else ''}{self.what} → {self.fix}"


class Pattern(NamedTuple):
    """Text that must not stand in the files that `applies` picks, with comments and string literals blanked."""

    regex: re.Pattern
    what: str
    fix: str
    applies: Callable[[str], bool]


def target_of(path: str) -> str | None:
    """The target that a source file belongs to."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "Sources" else None


def in_sources(path: str) -> bool:
    return path.endswith(".swift") and target_of(path) is not None


def in_engine(path: str) -> bool:
    return path.endswith(".swift") and target_of(path) in ENGINES


def in_virtual_time(path: str) -> bool:
    """Engines, and the simulator whose runs must be the same each time."""
    return in_engine(path) or (in_sources(path) and target_of(path) == "RTCSimulation")


def away_from_boringssl(path: str) -> bool:
    users = BORINGSSL_USERS | {f"{user}Tests" for user in BORINGSSL_USERS}
    return path.endswith(".swift") and not any(f"/{user}/" in path for user in users)


_ACCESS = r"(?:public|package|internal|fileprivate|private)"
_IMPORT = rf"^[ \t]*(?:@\w+(?:\(\w+\))?[ \t]+)*(?:{_ACCESS}[ \t]+)?import[ \t]+"

PATTERNS = [
    Pattern(
        re.compile(rf"^[ \t]*(?:@\w+(?:\(\w+\))?[ \t]+)*import[ \t]", re.MULTILINE),
        "import without access level", "write `internal import` (or package, public)", in_sources,
    ),
    Pattern(
        re.compile(rf"{_IMPORT}(?!(?:RTC|CRTC)\w*\b|CNIOBoringSSL\b)\w+", re.MULTILINE),
        "an engine imports a module from outside", "engines know only RTC modules; move it to L4", in_engine,
    ),
    Pattern(
        re.compile(rf"{_IMPORT}CNIOBoringSSL", re.MULTILINE),
        "BoringSSL imported", "only RTCCrypto and RTCDTLS may; use RTCCrypto", away_from_boringssl,
    ),
    Pattern(
        re.compile(r"\b(?:ContinuousClock|SuspendingClock|Clock|DispatchTime|clock_gettime|gettimeofday|Date)\b"),
        "an engine reads a clock", "take `at now: Instant`", in_virtual_time,
    ),
    Pattern(
        re.compile(r"\b(?:SystemRandomNumberGenerator|RandomSource\.system|arc4random\w*)\b"),
        "an engine makes its own randomness", "take a `RandomSource` in `init`",
        lambda path: in_virtual_time(path) and path != "Sources/RTCWire/RandomSource.swift",
    ),
    Pattern(
        re.compile(r"\.(?:random|randomElement|shuffled?)\((?!(?:[^()]|\([^()]*\))*\busing:)"),
        "randomness without `using:`", "pass the engine's `RandomSource`", in_virtual_time,
    ),
    Pattern(
        re.compile(r"\b(?:async|await|actor|Mutex|Atomic|NSLock|DispatchQueue|pthread_\w+|Task(?=[ ]*[.{(<]))\b"),
        "an engine has tasks, locks or async", "engines are driven by one caller: six verbs", in_engine,
    ),
    Pattern(
        re.compile(r"\bfatalError\(|\btry!|\bas!|[\w)\]]!(?!=)"),
        "may trap", "use `guard let`, a typed throw, or precondition for our own errors", in_engine,
    ),
    Pattern(
        re.compile(r"^[ \t]*(?:@\w+(?:\([^()]*\))?[ \t\n]+)*(?:public\b|open[ ](?!=))", re.MULTILINE),
        "public in an engine", "write `package`; only products are public, and what RTC exports of RTCMedia",
        lambda path: in_engine(path) and target_of(path) != "RTCMedia",
    ),
]

_BLANKED = re.compile(r'"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*(?:.|\n)*?\*/')


def blanked(swift: str) -> str:
    """`swift` with comments and string literals replaced by spaces; lines stay where they are."""
    return _BLANKED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), swift)


def check_patterns(path: str, text: str) -> Iterator[Finding]:
    rules = [pattern for pattern in PATTERNS if pattern.applies(path)]
    code = blanked(text) if rules else ""
    for pattern in rules:
        for match in pattern.regex.finditer(code):
            yield Finding(path, code.count("\n", 0, match.start()) + 1, pattern.what, pattern.fix)


def check_spdx(path: str, text: str) -> Iterator[Finding]:
    needs_header = path.endswith(CODE_SUFFIXES) or path == "Makefile" or text.startswith("#!")
    if needs_header and not any(SPDX in line for line in text.splitlines()[:3]):
        yield Finding(path, 1, "no SPDX header", f"begin with `{SPDX}` in a comment")


def check_length(path: str, text: str) -> Iterator[Finding]:
    count = text.count("\n")
    if count <= LONG or path in TABLES or not path.endswith(CODE_SUFFIXES):
        return
    limit = TOO_LONG if count > TOO_LONG else LONG
    yield Finding(path, limit, f"{count} lines", "a file is one idea: split it", is_warning=count <= TOO_LONG)


# Where somebody's machine keeps things, and the servers between it and the public package registries.
_MACHINE = re.compile(r"(?<![\w.$}])/(?:root|work|home/[\w-]+|Users/[\w-]+|opt/swift[\w-]*)/\w")
_REGISTRY = re.compile(r"(?i)artifactor[y]|jfro[g]|\bnexus\.|devp[i]|verdacci[o]|--(?:extra-)?index-url")


def check_machine(path: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        if _MACHINE.search(line):
            yield Finding(path, number, "a path of one machine", "make it relative to the repository or configurable")
        if _REGISTRY.search(line):
            yield Finding(path, number, "a registry's host or option", "leave it to the user's configuration")


def check_python(path: str, text: str) -> Iterator[Finding]:
    if not path.endswith(".py"):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(text, path, "exec")
    except (SyntaxError, SyntaxWarning) as error:
        yield Finding(path, getattr(error, "lineno", 1) or 1, f"Python: {error}", "correct the syntax")


_COVERAGE_ROW = re.compile(r"^\|.*\| *([^|]*?) *\| *([^|]*?) *\|$")


def check_coverage(path: str, text: str, suites: set[str]) -> Iterator[Finding]:
    """The last two cells of each row of the RFC coverage: a status, and the test suites that show it."""
    for number, line in enumerate(text.splitlines(), 1):
        row = _COVERAGE_ROW.match(line)
        if not row or row[1] == "status" or set(row[1]) <= {"-"}:
            continue
        status, named = row[1], re.findall(r"`(\w+)`", row[2])
        if status not in ("done", "partial", "planned"):
            yield Finding(path, number, f"status {status!r}", "write done, partial or planned")
        elif status != "planned" and not named:
            yield Finding(path, number, f"{status}, but no test is named", "name the suite that shows it")
        for unknown in set(named) - suites:
            yield Finding(path, number, f"no test suite {unknown}", "name a suite of Tests/")


CHECKS = [check_spdx, check_length, check_machine, check_python, check_patterns]


def check(path: str, text: str) -> list[Finding]:
    """All findings of all rules in one file."""
    return [finding for rule in CHECKS for finding in rule(path, text)]

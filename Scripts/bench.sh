#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures this stack side by side with others; builds it and installs them first where needed. The arguments go to
# `python -m bench` (see --help).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=$("$root/Scripts/peers.sh")
build=(swift build --package-path "$root/Benchmarks" --scratch-path "$root/.build-bench" -c release --product rtc-bench)
# SwiftPM notices a change of the manifest in the parent folder only when it reads this one again.
touch "$root/Benchmarks/Package.swift"
"${build[@]}" >&2
export PYTHONPATH="$root/Benchmarks"
exec "$python" -m bench --program "$("${build[@]}" --show-bin-path)/rtc-bench" "$@"

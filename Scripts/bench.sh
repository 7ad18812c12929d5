#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures this stack side by side with others; builds it and installs them first where needed. The arguments go to
# `python -m bench` (see --help).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=$("$root/Scripts/peers.sh" | tail -n 1)
programs="$root/.build-bench/programs"
mkdir -p "$programs"

if ! pkg-config --exists libsrtp2 2>/dev/null; then
    echo "bench: installing with apt: libsrtp2-dev (the SRTP that others use)" >&2
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libsrtp2-dev pkg-config >&2
fi

export RTC_BENCH=1
build=(swift build --package-path "$root/Benchmarks" --scratch-path "$root/.build-bench" -c release)
# SwiftPM notices a change of the manifest in the parent folder only when it reads this one again.
touch "$root/Benchmarks/Package.swift"
for product in rtc-bench srtp-bench; do
    "${build[@]}" --product "$product" >&2
    ln -sf "$("${build[@]}" --show-bin-path)/$product" "$programs/"
done
"${CC:-cc}" -O2 -shared -fPIC -o "$programs/allocations.so" "$root/Benchmarks/allocations.c"
(cd "$root/Benchmarks/pion-forward" && GO111MODULE=off GOPATH=/usr/share/gocode go build -o "$programs/pion-forward" .)

export PYTHONPATH="$root/Benchmarks:$root/Interop"
exec "$python" -m bench --programs "$programs" "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes with libFuzzer and AddressSanitizer, two bodies at a time; fails when an input traps, hangs, reads out of
# bounds or asks for too much memory. Usage: Scripts/fuzz.sh [SECONDS for each body, 30] [BODY …, all]
set -euo pipefail
cd "$(dirname "$0")/.."

readonly seconds=${1:-30}
shift $(($# > 0 ? 1 : 0))
readonly work=.build-fuzz
export SWIFT_BACKTRACE=enable=no # the backtracer would itself set off AddressSanitizer
export seconds work

fail() {
    echo "fuzz: $*" >&2
    exit 1
}

check_runtime() {
    local resources
    resources=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
    compgen -G "$resources/clang/lib/*/libclang_rt.fuzzer*" >/dev/null ||
        fail "this Swift toolchain has no libFuzzer; install one from https://www.swift.org/install"
}

# `--sanitize fuzzer --sanitize address` builds without coverage; these flags do not, and check_coverage sees to it.
build() {
    RTC_FUZZ=1 swift build -c release --product rtc-fuzz --scratch-path "$work" \
        --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -assert-config -Xswiftc Debug
}

check_coverage() {
    local folder
    for folder in "$work"/release/RTC*.build; do
        compgen -G "$folder/*.o" >/dev/null || continue # not part of what is fuzzed
        grep -q __sanitizer_cov "$folder"/*.o || fail "$folder has no coverage: fuzzing would find nothing"
    done
}

# Fuzzes the body $1 and prints one line; a crash's input stays in $work/crashes.
fuzz() {
    local log=$work/$1.log corpus=$work/corpus/$1 crashes=$work/crashes/$1
    mkdir -p "$corpus" "$crashes"
    if RTC_FUZZ_BODY=$1 "$work/release/rtc-fuzz" -max_total_time="$seconds" -timeout=1 -rss_limit_mb=1024 \
        -malloc_limit_mb=64 -artifact_prefix="$crashes/" "$corpus" "Fuzz/Regressions/$1" >"$log" 2>&1; then
        echo "fuzz: $1: $(tail -n 1 "$log")"
    else
        echo "fuzz: $1: FAILED; $log says how"
        grep -E 'Fatal error|ERROR: |SUMMARY: |Test unit written' "$log" | sed 's/^/    /' || true
        return 1
    fi
}
export -f fuzz

check_runtime
build
check_coverage
[ $# -gt 0 ] || set -- Fuzz/Regressions/*
printf '%s\n' "${@##*/}" | xargs -P 2 -I{} bash -c 'fuzz {}' ||
    fail "keep each input as Fuzz/Regressions/BODY/what-it-was, mend the code, and run again"

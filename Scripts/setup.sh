#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes a machine ready to build: checks Swift, and on Debian and Ubuntu installs what is missing. Says nothing when
# all is there. Usage: Scripts/setup.sh [COMMAND …], where each COMMAND is needed too and its package has its name.
set -euo pipefail

readonly oldest_swift=6.2
readonly swift_from="install Swift $oldest_swift or later from https://www.swift.org/install"

fail() {
    echo "setup: $*" >&2
    exit 1
}

missing=()

# need PACKAGE WHY TEST…: notes PACKAGE as missing when TEST fails.
need() {
    local package=$1 why=$2
    shift 2
    if ! "$@" >/dev/null 2>&1; then
        echo "setup: $package is missing: $why"
        missing+=("$package")
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing() {
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "please install: ${missing[*]}"
    echo "setup: installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    missing=()
}

compiles_cxx() {
    local clang
    clang="$(dirname "$(readlink -f "$(command -v swift)")")/clang"
    echo '#include <string>' | "$clang" -x c++ -fsyntax-only -
}

has_library() { pkg-config --exists "$1"; }

has_certificates() { [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ]; }

swift_version() { swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1; }

check_swift_version() {
    local version=$1
    [ -n "$version" ] || fail "swift does not start: $swift_from"
    if [ "$((${version%.*} * 100 + ${version#*.}))" -lt "$((${oldest_swift%.*} * 100 + ${oldest_swift#*.}))" ]; then
        fail "Swift $version is too old: $swift_from"
    fi
}

command -v swift >/dev/null || fail "Swift is missing: $swift_from"
version=$(swift_version || true)
[ -z "$version" ] || check_swift_version "$version" # before anything is installed
if [ "$(uname -s)" = Linux ]; then
    need git "SwiftPM fetches packages with it" command -v git
    need ca-certificates "packages are fetched over HTTPS" has_certificates
    if command -v apt-get >/dev/null && ! swift package --version >/dev/null 2>&1; then
        echo "setup: the Swift toolchain does not start: it needs the libraries that swift.org lists"
        missing+=(libcurl4-openssl-dev libedit-dev libncurses-dev libsqlite3-dev libxml2-dev tzdata uuid-dev zlib1g-dev)
    fi
    need g++ "BoringSSL and Swift need the headers and start files of C and C++" compiles_cxx
    # The libraries of the traits in Package.swift that are on unless they are turned off.
    need pkg-config "SwiftPM finds libraries with it" command -v pkg-config
    need libopus-dev "Opus is made and heard with it" has_library opus
    need libvpx-dev "VP8 is made and shown with it" has_library vpx
    need libopenh264-dev "H.264 is made with it" has_library openh264
    need libavcodec-dev "H.264 is shown with it" has_library libavcodec
    need libavutil-dev "H.264 is shown with it" has_library libavutil
fi
for command in "$@"; do
    need "$command" "a script of this project needs it" command -v "$command"
done
install_missing
[ -n "$version" ] || check_swift_version "$(swift_version || true)"

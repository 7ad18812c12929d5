#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the peers that `make interop` talks to. Does nothing for what is there already; a peer that
# cannot be installed is an error. Prints the path of the Python interpreter as its last line.
#
#   Debian: chromium        the browser most users have, and the newest libwebrtc
#           firefox-esr     the other browser engine: its own ICE, DTLS and SCTP stacks
#           python3-venv    to keep the Python peers out of the system
#           golang-go, golang-github-pion-webrtc.v3-dev
#                           Pion: Interop/pion is built with them into Interop/.venv
#           gstreamer1.0-*, gir1.2-gst-*, python3-gst-1.0
#                           GStreamer's webrtcbin, its codecs (ugly: x264, libav: H.264 and G.722) and bindings
#   PyPI:   see Interop/requirements.txt, installed into Interop/.venv
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv="$root/Interop/.venv"
requirements="$root/Interop/requirements.txt"

say() { printf 'peers: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        fail "need root to run: $*"
    fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

command -v dpkg-query >/dev/null 2>&1 || fail "this script knows Debian's packages only"
missing=()
packages=(
    chromium firefox-esr python3-venv
    golang-go golang-github-pion-webrtc.v3-dev
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly
    gstreamer1.0-libav gstreamer1.0-nice gir1.2-gst-plugins-base-1.0 gir1.2-gst-plugins-bad-1.0 python3-gst-1.0
)
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    say "installing with apt: ${missing[*]} (the peers of the interoperability test)"
    as_root apt-get update -qq >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
        fail "could not install ${missing[*]}"
fi

# The copy is written last: where it equals the list, the environment is whole.
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
    say "installing into Interop/.venv: $(grep -v '^#' "$requirements" | cut -d'#' -f1 | xargs)"
    /usr/bin/python3 -m venv "$venv" || fail "could not create $venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2 ||
        fail "could not install the Python peers"
    cp "$requirements" "$venv/requirements.txt"
fi
if [ ! -x "$venv/pion" ] || [ "$root/Interop/pion/main.go" -nt "$venv/pion" ]; then
    say "building Interop/pion"
    (cd "$root/Interop/pion" && GO111MODULE=off GOPATH=/usr/share/gocode go build -o "$venv/pion" .) >&2 ||
        fail "could not build Interop/pion"
fi
printf '%s\n' "$venv/bin/python"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the server against real peers; installs them first where they are missing. The arguments go to
# `python -m interop` (see --help).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=$("$root/Scripts/peers.sh")
export PYTHONPATH="$root/Interop"
exec "$python" -m interop "$@"

# SPDX-License-Identifier: Apache-2.0
"""Runs the server of this package against real WebRTC peers and reports each case."""

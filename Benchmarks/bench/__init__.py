# SPDX-License-Identifier: Apache-2.0
"""Measures this stack side by side with others."""

# SPDX-License-Identifier: Apache-2.0
"""Chromium of the system, driven by playwright."""

from __future__ import annotations

import contextlib
from typing import Any

from playwright.async_api import async_playwright

from .browser import BrowserPeer

EXECUTABLE = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",  # answers the question for camera and microphone
]
PLAIN_ADDRESSES = "--disable-features=WebRtcHideLocalIpsWithMdns"


class ChromiumPage:
    def __init__(self, page: Any) -> None:
        self.page = page

    async def goto(self, url: str) -> None:
        await self.page.goto(url)

    async def call(self, function: str, *arguments: Any) -> Any:
        return await self.page.evaluate(f"(a) => ({function})(...a)", list(arguments))


class ChromiumPeer(BrowserPeer):
    name = "chromium"

    def __init__(self, hides_addresses: bool = False) -> None:
        self.version = ""
        self.stack = contextlib.AsyncExitStack()
        self.flags = FLAGS if hides_addresses else [*FLAGS, PLAIN_ADDRESSES]

    async def start(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            playwright = await stack.enter_async_context(async_playwright())
            browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=self.flags)
            stack.push_async_callback(browser.close)
            self.version = browser.version
            # The functions of the cases are evaluated as text, which a page's policy may forbid.
            self.page = ChromiumPage(await browser.new_page(bypass_csp=True))
            self.stack = stack.pop_all()

    async def stop(self) -> None:
        await self.stack.aclose()

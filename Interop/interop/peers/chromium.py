# SPDX-License-Identifier: Apache-2.0
"""Chromium of the system, driven by playwright."""

from __future__ import annotations

from typing import Any

from playwright.async_api import async_playwright

from .browser import BrowserPeer

EXECUTABLE = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--allow-loopback-in-peer-connection"]
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
        self.flags = FLAGS if hides_addresses else [*FLAGS, PLAIN_ADDRESSES]

    async def start(self) -> None:
        self.playwright = await async_playwright().start()
        self.browser = await self.playwright.chromium.launch(executable_path=EXECUTABLE, args=self.flags)
        self.version = self.browser.version
        self.page = ChromiumPage(await self.browser.new_page(bypass_csp=True))

    async def stop(self) -> None:
        await self.browser.close()
        await self.playwright.stop()

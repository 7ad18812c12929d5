# SPDX-License-Identifier: Apache-2.0
"""Cases that use the server's own page as a person would, in each browser."""

from __future__ import annotations

from .peers.browser import BrowserPeer

# Helpers for the functions below, which run in the page. The ids are part of the page's contract.
HELPERS = """
const $ = (id) => document.getElementById(id);
const until = async (what, look) => {
  const end = performance.now() + 20000;
  for (;;) {
    const value = look();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}; state: ${$("state").textContent} ${$("reason").textContent}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};
const state = (wanted) => until(`the state ${wanted}`, () => $("state").dataset.state === wanted);
"""

CONNECT = """
await state("connected");
$("connect").click();
await state("closed");
$("connect").click();
await state("connected");
await until("a round-trip time", () => /\\d/.test($("rtt").textContent));
return $("state").textContent;
"""

ECHO = """
await state("connected");
$("message").value = "Grüße 🦜";
$("message-form").requestSubmit();
await until("the echo", () => [...document.querySelectorAll('[data-testid="echo-in"]')].some((row) => row.textContent.includes("Grüße 🦜")));
"""

THROUGHPUT = """
await state("connected");
$("throughput").click();
await until("the end of the test", () => $("throughput").dataset.result);
const { up, down } = JSON.parse($("throughput").dataset.result);
if (!(up > 0 && down > 0)) throw new Error(`up ${up}, down ${down} MiB/s`);
"""

FILE = """
await state("connected");
const bytes = new Uint8Array(1500001).map((_, index) => index * 7 + (index >> 9));
const file = new File([bytes], "Überblick 1.bin", { type: "application/octet-stream" });
const transfer = new DataTransfer();
transfer.items.add(file);
$("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
await until("the server's checksum", () => $("file-status").dataset.state === "sent");
$("file-get").click();
await until("the file", () => $("file-status").dataset.state === "returned");
const link = $("file-save");
if (link.download !== file.name) throw new Error(`the file is called ${link.download}`);
const back = new Uint8Array(await (await fetch(link.href)).arrayBuffer());
if (back.length !== bytes.length || back.some((byte, index) => byte !== bytes[index])) throw new Error("the file came back changed");
"""

PAGE_CASES = [
    ("page: connect", CONNECT),
    ("page: echo", ECHO),
    ("page: throughput", THROUGHPUT),
    ("page: file", FILE),
]


async def run(peer: BrowserPeer, url: str, script: str) -> None:
    await peer.page.goto(url)
    await peer.page.call(f"async () => {{ {HELPERS} {script} }}")

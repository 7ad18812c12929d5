# SPDX-License-Identifier: Apache-2.0
"""Cases that use the server's own page as a person would, in each browser."""

from __future__ import annotations

from typing import Any

from .peers.browser import BrowserPeer

# Helpers for the functions below, which run in the page. The ids are part of the page's contract.
HELPERS = """
const $ = (id) => document.getElementById(id);
const until = async (what, look) => {
  const end = performance.now() + 20000;
  for (;;) {
    const value = look();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}; state: ${$("state").textContent} ${$("reason").textContent} call: ${$("call-state").textContent} ${["fps", "bitrate", "delay", "sound"].map((name) => $(`call-${name}`).textContent)}`);
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

# Helpers for the cases of the page's call. Each starts calls of its own: `page: connect` goes on beside them.
CALL_HELPERS = """
const callState = (wanted) => until(`the call to be ${wanted}`, () => $("call-state").dataset.state === wanted);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const value = (name) => Number($(`call-${name}`).textContent);
const stamps = () => Number($("call-delay").dataset.count ?? 0);
const hertz = () => Number($("call-sound").dataset.hertz ?? 0);
const decibel = () => Number($("call-sound").dataset.decibel ?? 0);
const start = (choices) => {
  for (const [name, choice] of Object.entries(choices)) {
    $(`call-${name}`).value = choice;
    if ($(`call-${name}`).value !== choice) throw new Error(`the page has no choice ${choice}`);
  }
  $("call").click();
};
const stop = async () => {
  $("call").click();
  await callState("idle");
};
const call = async (choices) => {
  start(choices);
  await until("a call, or why not", () => ["connected", "failed"].includes($("call-state").dataset.state));
  if ($("call-state").dataset.state === "failed") throw new Error($("call-state").textContent);
};
const moreStamps = async (count) => {
  const before = stamps();
  await until(`${count} more stamps`, () => stamps() >= before + count);
};
const tone = async () => {
  await until("440 Hz", () => Math.abs(hertz() - 440) < 8.8 && Math.abs(decibel() + 20) < 6);
};
// The luma of what the remote video shows, small.
const look = () => {
  const pen = Object.assign(document.createElement("canvas"), { width: 160, height: 120 }).getContext("2d", { willReadFrequently: true });
  pen.drawImage($("video-remote"), 0, 0, 160, 120);
  const { data } = pen.getImageData(0, 0, 160, 120);
  return Float32Array.from({ length: 160 * 120 }, (_, index) => 0.3 * data[4 * index] + 0.59 * data[4 * index + 1] + 0.11 * data[4 * index + 2]);
};
const bright = (picture) => picture.filter((luma) => luma > 60).length / picture.length;
const moves = async () => {
  const first = look();
  await until("another picture", () => look().filter((luma, index) => Math.abs(luma - first[index]) > 20).length > 40);
};
const facts = () => {
  const found = { codec: $("call-codecs").textContent.split(",")[0], fps: value("fps"), latency_ms: value("delay"), hertz: hertz(), decibel: decibel() };
  return Object.fromEntries(Object.entries(found).filter(([, each]) => each));
};
"""

CALL = """
for (let round = 0; round < 2; round++) {
  await call({ source: "test", video: "VP8", audio: "opus", transform: "none" });
  if (round === 0 && stamps() > 5) throw new Error("stamps before the call");
  await moreStamps(20);
  await tone();
  await until("figures", () => value("fps") > 10 && value("bitrate") > 20 && /\\d/.test($("call-rtt").textContent) && /\\d/.test($("call-loss").textContent));
  if (!(value("delay") > 0 && value("delay") < 3000)) throw new Error(`a delay of ${$("call-delay").textContent} ms`);
  if (!/^VP8, Opus, \\d+ × \\d+$/.test($("call-codecs").textContent)) throw new Error($("call-codecs").textContent);
  for (const name of ["bitrate", "fps", "rtt", "loss"]) await until(`the plot of ${name}`, () => $(`call-${name}-plot`).querySelector(".line"));
  await moves();
  if (round === 0) await stop();
}
const found = facts();
await stop();
if ($("video-remote").srcObject || $("video-local").srcObject) throw new Error("a picture is left over");
return found;
"""

CALL_H264 = """
const has = RTCRtpReceiver.getCapabilities("video").codecs.some((codec) => /h264/i.test(codec.mimeType));
if (!has) {
  start({ source: "test", video: "H264" });
  await callState("failed");
  if (!$("call-state").textContent.includes("has no H.264")) throw new Error($("call-state").textContent);
  return;
}
await call({ source: "test", video: "H264", audio: "any", transform: "none" });
await moreStamps(20);
await until("the codec", () => $("call-codecs").textContent.startsWith("H264"));
await until("pictures", () => value("fps") > 10);
const found = facts();
await stop();
return found;
"""

CALL_REFUSED = """
const ask = window.fetch;
window.fetch = (path, options) => ask(path, { ...options, body: options.body.replaceAll(" VP8/90000", " NEW/90000") });
start({ source: "test", video: "VP8" });
await callState("failed");
if (!/takes no picture|refused the offer/.test($("call-state").textContent)) throw new Error($("call-state").textContent);
window.fetch = async () => new Response('{"error": "no room"}', { status: 503 });
start({});
await callState("failed");
if (!$("call-state").textContent.includes("no room")) throw new Error($("call-state").textContent);
window.fetch = async () => { throw new TypeError(); };
start({});
await callState("failed");
if (!$("call-state").textContent.includes("does not answer")) throw new Error($("call-state").textContent);
window.fetch = ask;
await call({});
await moreStamps(5);
await stop();
"""

CALL_SOUND = """
for (const codec of ["G722", "PCMU", "PCMA"]) {
  await call({ source: "test", video: "any", audio: codec, transform: "none" });
  await until(`the codec ${codec}`, () => $("call-codecs").textContent.includes(codec));
  await tone();
  await stop();
}
"""

CALL_MIRROR = """
await call({ source: "test", video: "VP8", audio: "any", transform: "mirror" });
await moreStamps(20);
// Of the middle bars, green and yellow, the yellow one is brighter.
const picture = look();
const column = (at) => picture[13 * 160 + at]; // between the stamp and where the disc gets to
if (!(column(60) > column(100) + 20)) throw new Error("the yellow bar is not on the left");
const found = facts();
await stop();
return found;
"""

CALL_EDGES = """
await call({ source: "test", video: "VP8", audio: "any", transform: "edges" });
await until("pictures", () => value("fps") > 0 && bright(look()) > 0.005);
await moves();
if (bright(look()) > 0.5) throw new Error("these are no outlines");
if (stamps()) throw new Error("a stamp in outlines");
await stop();
"""

CALL_MUTE = """
await call({ source: "test", video: "VP8", audio: "opus", transform: "none" });
await moreStamps(5);
await tone();
$("mute-video").click();
await until("black", () => bright(look()) === 0);
const before = stamps();
await tone();
if (stamps() > before + 2) throw new Error("stamps in black pictures");
$("mute-video").click();
await moreStamps(10);
$("mute-audio").click();
await until("silence", () => $("call-sound").textContent === "silence");
await moreStamps(5);
$("mute-audio").click();
await tone();
$("mute-video").click();
await stop();
await call({});
if ($("mute-video").ariaPressed !== "false") throw new Error("the new call begins hidden");
await moreStamps(5);
await stop();
"""

CALL_CAMERA = """
await call({ source: "camera", video: "any", audio: "any", transform: "none" });
await until("a picture", () => bright(look()) > 0.1);
await moves();
await until("a sound", () => hertz() > 0);
await until("figures", () => value("fps") > 5 && value("bitrate") > 20);
if (stamps()) throw new Error("a stamp in the camera's picture");
const found = facts();
await stop();
return found;
"""

CALL_REFUSALS = """
const devices = (answer) => { navigator.mediaDevices.getUserMedia = answer; };
const refused = (name) => async () => { throw new DOMException("", name); };
// A person refuses it, another program has it, it comes after the call was cancelled, there is none.
devices(refused("NotAllowedError"));
start({ source: "camera" });
await callState("failed");
if (!$("call-state").textContent.includes("Allow")) throw new Error($("call-state").textContent);
devices(refused("NotReadableError"));
start({});
await callState("failed");
if (!$("call-state").textContent.includes("Another program")) throw new Error($("call-state").textContent);
let give;
devices(() => new Promise((resolve) => { give = resolve; }));
start({});
await callState("calling");
await stop();
const late = document.createElement("canvas").captureStream();
give(late);
await until("the late camera to be stopped", () => late.getTracks()[0].readyState === "ended");
await callState("idle");
devices(refused("NotFoundError"));
await call({ source: "camera", video: "any", audio: "any", transform: "none" });
if (!$("call-state").textContent.includes("test picture")) throw new Error($("call-state").textContent);
await moreStamps(5);
await stop();
"""

PAGE_CASES = [
    ("page: connect", CONNECT),
    ("page: echo", ECHO),
    ("page: throughput", THROUGHPUT),
    ("page: file", FILE),
    ("page: call with VP8 and Opus, twice", CALL),
    ("page: call with H.264", CALL_H264),
    ("page: call with G.722, PCMU, PCMA", CALL_SOUND),
    ("page: call, mirrored", CALL_MIRROR),
    ("page: call, its edges", CALL_EDGES),
    ("page: call, refused by the server", CALL_REFUSED),
    ("page: call, hidden and muted", CALL_MUTE),
    ("page: call with camera and microphone", CALL_CAMERA),
    ("page: call without a camera", CALL_REFUSALS),
]


async def run(peer: BrowserPeer, url: str, script: str) -> dict[str, Any]:
    """Returns the facts that the case tells with its outcome."""
    await peer.page.goto(url)
    return await peer.page.call(f"async () => {{ {HELPERS} {CALL_HELPERS} {script} }}") or {}

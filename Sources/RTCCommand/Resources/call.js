// SPDX-License-Identifier: Apache-2.0
"use strict";

/* The call: camera and microphone, or a test picture and a tone, go to the server and come back. It has a connection of its
   own, so that it works beside the data channels. `index.html` has the helpers: $, milliseconds, plot, exchange, gathered,
   Failure. */

const CALL_SECONDS = 20;
const CALL_HISTORY = 60000;
const TONE_HERTZ = 440;
/** The test picture: a row of blocks says when it was painted, in milliseconds; then come their bits again, inverted. */
const STAMP = { bits: 16, size: 20, top: 8, width: 640, height: 480 };
/** What AnalyserNode takes from a sine: half its amplitude is in the other half of the spectrum, 0.42 is left by its window. */
const WINDOW_DECIBEL = -20 * Math.log10(0.42 / 2);
const AUDIBLE_DECIBEL = -60;

let call = null; // the present attempt or call; an older one's late events are ignored
const callStats = { bitrate: [], rtt: [], loss: [], fps: [] };

/* ── What is sent ──────────────────────────────────────────────────────────────────────────────── */

/** Camera and microphone, or what there is of them, or else the test picture. */
async function captured(mine) {
  if (!mine.wantsCamera) return testStream(mine);
  if (!navigator.mediaDevices) {
    mine.note = "The browser lends its camera only to pages on localhost or over HTTPS. This is the test picture.";
    return testStream(mine);
  }
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
  const choices = [
    [{ audio: true, video }, "You will hear yourself: headphones keep that from coming round again."],
    [{ video }, "No microphone was found: this is the camera alone."],
    [{ audio: true }, "No camera was found: this is the microphone alone. Headphones keep it from coming round again."],
  ];
  for (const [constraints, note] of choices) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      mine.note = note;
      return stream;
    } catch (error) {
      if (error.name === "NotAllowedError" || error.name === "SecurityError") {
        throw new Failure("The browser may not use camera and microphone. Allow it in the browser’s settings of this page, or send the test picture.");
      }
      if (error.name !== "NotFoundError" && error.name !== "OverconstrainedError") {
        throw new Failure("The camera or the microphone does not start. Another program may be using it.");
      }
      if (call !== mine) return null;
    }
  }
  mine.note = "No camera and no microphone were found. This is the test picture.";
  return testStream(mine);
}

/** A moving picture with the time in it, and a quiet tone. */
function testStream(mine) {
  const canvas = document.createElement("canvas");
  canvas.width = STAMP.width;
  canvas.height = STAMP.height;
  const pen = canvas.getContext("2d", { alpha: false });
  const { width, height } = canvas;
  const paint = () => {
    const now = performance.now();
    ["#2f5d7c", "#3f7f6b", "#c9a227", "#b8390f"].forEach((colour, index) => {
      pen.fillStyle = colour;
      pen.fillRect(width * index / 4, 0, width / 4, height);
    });
    pen.fillStyle = "#faf8f3";
    pen.beginPath();
    pen.arc(width * (0.5 + 0.36 * Math.cos(now / 900)), height * (0.55 + 0.3 * Math.sin(now / 700)), 46, 0, 7);
    pen.fill();
    const stamp = Math.round(now) & 0xffff;
    for (let index = 0; index < 2 * STAMP.bits; index++) {
      const isOne = (stamp >> (STAMP.bits - 1 - index % STAMP.bits) & 1) ^ (index >= STAMP.bits);
      pen.fillStyle = isOne ? "#fff" : "#000";
      pen.fillRect(index * STAMP.size, STAMP.top, STAMP.size, STAMP.size);
    }
  };
  paint();
  const timer = setInterval(paint, 1000 / 30);
  const tone = sharedAudio.createOscillator();
  const gain = sharedAudio.createGain();
  const sink = sharedAudio.createMediaStreamDestination();
  tone.frequency.value = TONE_HERTZ;
  gain.gain.value = 0.1;
  tone.connect(gain).connect(sink);
  tone.start();
  const stream = canvas.captureStream(30);
  stream.addTrack(sink.stream.getAudioTracks()[0]);
  mine.isTest = true;
  mine.endTest = () => { clearInterval(timer); tone.stop(); };
  return stream;
}

/* Browsers let a page make sound only after a click or a key: this context begins with the click on Start. */
let sharedAudio = null;

function wakeAudio() {
  if (sharedAudio?.state === "suspended") sharedAudio.resume().catch(() => {});
}

for (const name of ["pointerdown", "keydown"]) addEventListener(name, wakeAudio, { capture: true, passive: true });

/* ── The call ──────────────────────────────────────────────────────────────────────────────────── */

const CHOICES = ["call-source", "call-video", "call-audio", "call-transform"];
const MUTES = { video: "mute-video", audio: "mute-audio" };

function callState(state, text) {
  const isIdle = state === "idle" || state === "failed";
  $("call-section").dataset.state = $("call-state").dataset.state = state;
  if ($("call-state").textContent !== text) $("call-state").textContent = text;
  $("call").textContent = isIdle ? "Start" : state === "calling" ? "Cancel" : "Stop";
  for (const id of CHOICES) $(id).disabled = !isIdle;
  const kinds = call?.stream?.getTracks().map((track) => track.kind) ?? [];
  for (const [kind, id] of Object.entries(MUTES)) $(id).hidden = isIdle || !kinds.includes(kind);
  $("call-screens").hidden = isIdle || !kinds.includes("video");
}

function clearMeasures() {
  for (const [name, series] of Object.entries(callStats)) {
    series.length = 0;
    $(`call-${name}`).textContent = "–";
  }
  $("call-codecs").textContent = "";
  $("call-delay").textContent = $("call-sound").textContent = "–";
  delete $("call-delay").dataset.count;
  for (const name of ["hertz", "decibel"]) delete $("call-sound").dataset[name];
  for (const id of ["call-figures", "call-told", "call-delay-told", "call-sound-told"]) $(id).hidden = true;
}

async function startCall() {
  const mine = call = { wantsCamera: $("call-source").value === "camera", transform: $("call-transform").value, note: "", delays: [] };
  clearMeasures();
  for (const id of Object.values(MUTES)) $(id).setAttribute("aria-pressed", "false");
  callState("calling", mine.wantsCamera ? "Waiting for camera and microphone. The browser may ask you." : "Painting a test picture.");
  try {
    if (!window.RTCPeerConnection) throw new Failure("This browser has no WebRTC, or it is switched off.");
    sharedAudio ??= new AudioContext();
    wakeAudio();
    const stream = await captured(mine);
    if (call !== mine) {
      release({ ...mine, stream });
      return;
    }
    mine.stream = stream;
    mine.began = performance.now();
    play($("video-local"), stream);
    mine.pc = new RTCPeerConnection();
    mine.pc.addEventListener("track", ({ track }) => { if (call === mine) receive(mine, track); });
    mine.pc.addEventListener("connectionstatechange", () => { if (call === mine) followCall(mine); });
    for (const track of stream.getTracks()) {
      const transceiver = mine.pc.addTransceiver(track, { direction: "sendrecv", streams: [stream] });
      prefer(transceiver, track.kind, $(`call-${track.kind}`));
      track.addEventListener("ended", () => { if (call === mine) endCall("failed", "The camera or the microphone was taken away."); });
    }
    callState("calling", "Calling the server.");
    mine.timer = setTimeout(() => { if (call === mine) endCall("failed", `No call within ${CALL_SECONDS} seconds: the server did not answer, or a firewall blocks UDP.`); }, CALL_SECONDS * 1000);
    await mine.pc.setLocalDescription();
    await gathered(mine.pc);
    if (call !== mine) return;
    const answer = await exchange(mine.pc.localDescription, { video_transform: mine.transform });
    if (call !== mine) return;
    await mine.pc.setRemoteDescription(answer);
    if (call !== mine) return;
    checkAnswer(mine);
    mine.poll = setInterval(() => measure(mine), 500);
  } catch (error) {
    if (call === mine) endCall("failed", error instanceof Failure ? error.message : `The browser refused: ${error.message}`);
  }
}

/** Offers no other codec than the chosen one, which the browser may not have. */
function prefer(transceiver, kind, choice) {
  if (choice.value === "any") return;
  const name = choice.selectedOptions[0].textContent;
  const all = RTCRtpReceiver.getCapabilities(kind).codecs;
  const wanted = all.filter((codec) => codec.mimeType.toLowerCase() === `${kind}/${choice.value}`.toLowerCase());
  if (!wanted.length) throw new Failure(`This browser has no ${name}. Choose another codec.`);
  if (!transceiver.setCodecPreferences) throw new Failure("This browser lets no page choose a codec. Leave the choice at “Any codec”.");
  transceiver.setCodecPreferences([...wanted, ...all.filter((codec) => /\/(rtx|telephone-event)$/i.test(codec.mimeType))]);
}

function checkAnswer(mine) {
  // A section that the server refuses takes its transceiver with it.
  const kinds = mine.pc.getTransceivers().filter((each) => each.currentDirection === "sendrecv").map((each) => each.receiver.track.kind);
  for (const { kind } of mine.stream.getTracks()) {
    if (!kinds.includes(kind)) throw new Failure(`The server takes no ${kind === "audio" ? "sound" : "picture"} in this codec. Choose another one.`);
  }
  // It says good-bye in DTLS; ICE would need half a minute to notice.
  const { transport } = mine.pc.getSenders()[0];
  transport?.addEventListener("statechange", () => {
    if (call === mine && transport.state === "closed") endCall("failed", "The server ended the call.");
  });
}

function followCall(mine) {
  switch (mine.pc.connectionState) {
  case "connected":
    clearTimeout(mine.timer);
    mine.setUp ??= performance.now() - mine.began;
    callState("connected", `Connected after ${mine.setUp.toFixed(0)} ms. ${mine.note}`.trim());
    break;
  case "disconnected":
    callState("disconnected", "The server has stopped answering. It may come back.");
    break;
  case "failed":
    endCall("failed", mine.setUp === undefined
      ? "There is no way to the server: no address answered, or there is no common encryption."
      : "The call was lost: the server stopped answering.");
    break;
  case "closed":
    endCall("failed", "The server ended the call.");
    break;
  }
}

/** Plays in any case: what is muted and begins by `autoplay` stands still where it is not in view. */
function play(element, stream) {
  element.srcObject = stream;
  element.play().catch(() => {}); // the element was emptied meanwhile
}

/** Shows or plays what comes back, and listens to it. */
function receive(mine, track) {
  const stream = new MediaStream([track]);
  const element = $(track.kind === "video" ? "video-remote" : "audio-remote");
  element.muted = track.kind === "video" || mine.isTest; // one's own tone is no pleasure to hear
  play(element, stream);
  if (track.kind === "video") return;
  mine.heard = sharedAudio.createMediaStreamSource(stream);
  mine.analyser = sharedAudio.createAnalyser();
  mine.analyser.fftSize = 8192;
  mine.analyser.smoothingTimeConstant = 0;
  mine.heard.connect(mine.analyser);
}

/** Gives back what an attempt has taken. */
function release(mine) {
  clearTimeout(mine.timer);
  clearInterval(mine.poll);
  mine.heard?.disconnect();
  mine.pc?.close();
  mine.endTest?.();
  mine.stream?.getTracks().forEach((track) => track.stop());
}

function endCall(state, text) {
  const mine = call;
  call = null;
  if (mine) release(mine);
  for (const id of ["video-local", "video-remote", "audio-remote"]) $(id).srcObject = null;
  callState(state, text);
}

for (const [kind, id] of Object.entries(MUTES)) {
  $(id).addEventListener("click", () => {
    const isMuted = $(id).getAttribute("aria-pressed") !== "true";
    $(id).setAttribute("aria-pressed", String(isMuted));
    for (const track of call?.stream?.getTracks() ?? []) if (track.kind === kind) track.enabled = !isMuted;
  });
}
$("call").addEventListener("click", () => {
  if (call) endCall("idle", call.setUp === undefined ? "You cancelled the call." : "You ended the call.");
  else startCall();
});
addEventListener("pagehide", () => { if (call) endCall("idle", ""); });

/* ── What is measured ──────────────────────────────────────────────────────────────────────────── */

async function measure(mine) {
  const report = await mine.pc.getStats().catch(() => null);
  if (!report || call !== mine || mine.setUp === undefined) return;
  const entries = [...report.values()];
  const find = (type, kind) => entries.find((entry) => entry.type === type && entry.kind === kind);
  const video = find("inbound-rtp", "video");
  const audio = find("inbound-rtp", "audio");
  const sum = (type, name) => entries.reduce((total, entry) => total + (entry.type === type ? entry[name] ?? 0 : 0), 0);
  const now = performance.now();
  const last = mine.last;
  mine.last = { now, bytes: sum("inbound-rtp", "bytesReceived"), sent: sum("outbound-rtp", "bytesSent"),
    packets: sum("inbound-rtp", "packetsReceived"), lost: sum("inbound-rtp", "packetsLost"), frames: video?.framesDecoded ?? 0 };
  const codec = (entry) => report.get(entry?.codecId)?.mimeType?.split("/")[1].replace("opus", "Opus");
  const size = video?.frameWidth ? `${video.frameWidth} × ${video.frameHeight}` : null;
  $("call-codecs").textContent = [codec(video), codec(audio), size].filter(Boolean).join(", ");
  if (!last || now <= last.now) return;
  const since = (name) => Math.max(0, mine.last[name] - last[name]);
  const seconds = (now - last.now) / 1000;
  record("bitrate", now, since("bytes") * 8 / seconds / 1000, since("sent") * 8 / seconds / 1000);
  if (video) record("fps", now, since("frames") / seconds);
  const trip = (find("remote-inbound-rtp", "video") ?? find("remote-inbound-rtp", "audio"))?.roundTripTime;
  if (trip !== undefined) record("rtt", now, trip * 1000);
  const expected = since("packets") + since("lost");
  record("loss", now, expected ? since("lost") / expected * 100 : 0);
  $("call-figures").hidden = false;
  listen(mine);
  tellDelay(mine);
  drawCall();
}

function record(name, now, value, second = null) {
  const series = callStats[name];
  series.push([now, value, second]);
  while (series[0][0] < now - CALL_HISTORY) series.shift();
  const latest = series.slice(-4).map(([, each]) => each);
  const mean = latest.reduce((sum, each) => sum + each, 0) / latest.length;
  $(`call-${name}`).textContent = name === "rtt" ? milliseconds(mean) : mean.toFixed(name === "loss" ? 1 : 0);
}

/** How high and how loud is what comes back: its loudest tone, 0 dB being a sine of full scale. */
function listen(mine) {
  if (!mine.analyser) return;
  $("call-told").hidden = $("call-sound-told").hidden = false;
  const told = $("call-sound");
  if (sharedAudio.state !== "running") {
    told.textContent = "the browser listens after the next click or key";
    return;
  }
  const bins = new Float32Array(mine.analyser.frequencyBinCount);
  mine.analyser.getFloatFrequencyData(bins);
  let best = 1;
  for (let bin = 1; bin < bins.length - 1; bin++) if (bins[bin] > bins[best]) best = bin;
  const decibel = bins[best] + WINDOW_DECIBEL;
  const isAudible = decibel > AUDIBLE_DECIBEL;
  // The top of the parabola through the three bins.
  const [left, middle, right] = [bins[best - 1], bins[best], bins[best + 1]];
  const offset = isAudible ? (left - right) / 2 / (left - 2 * middle + right) : 0;
  const hertz = (best + offset) * sharedAudio.sampleRate / mine.analyser.fftSize;
  told.textContent = isAudible ? `${hertz.toFixed(0)} Hz at ${decibel.toFixed(0).replace("-", "−")} dB` : "silence";
  told.dataset.hertz = isAudible ? hertz.toFixed(1) : "";
  told.dataset.decibel = isAudible ? decibel.toFixed(1) : "";
}

/** The median of the delays since the last time. */
function tellDelay(mine) {
  if (!mine.delays.length) return;
  const sorted = mine.delays.sort((a, b) => a - b);
  $("call-delay").textContent = sorted[sorted.length >> 1];
  $("call-told").hidden = $("call-delay-told").hidden = false;
  mine.delays = [];
}

/** Reads the time out of the test picture: how long it was on its way. */
function readStamp(mine, element) {
  if (!mine.isTest || element.videoWidth < 160) return;
  const rows = STAMP.top + STAMP.size;
  mine.reader ??= Object.assign(document.createElement("canvas"), { width: STAMP.width, height: rows }).getContext("2d", { willReadFrequently: true });
  mine.reader.drawImage(element, 0, 0, element.videoWidth, element.videoHeight * rows / STAMP.height, 0, 0, STAMP.width, rows);
  const pixels = mine.reader.getImageData(0, STAMP.top + STAMP.size / 2, STAMP.width, 1).data;
  const bit = (index) => {
    const column = (index + 0.5) * STAMP.size;
    return pixels[4 * (mine.transform === "mirror" ? STAMP.width - column : column) + 1] > 127 ? 1 : 0;
  };
  let stamp = 0;
  for (let index = 0; index < STAMP.bits; index++) {
    if (bit(index) === bit(index + STAMP.bits)) return; // no stamp: edges, or a picture that is broken
    stamp = stamp << 1 | bit(index);
  }
  const delay = (Math.round(performance.now()) - stamp) & 0xffff;
  if (stamp === mine.stamp || delay > 10000) return;
  mine.stamp = stamp;
  mine.delays.push(delay);
  $("call-delay").dataset.count = Number($("call-delay").dataset.count ?? 0) + 1;
}

const remoteVideo = $("video-remote");
if (remoteVideo.requestVideoFrameCallback) {
  const each = () => {
    if (call) readStamp(call, remoteVideo);
    remoteVideo.requestVideoFrameCallback(each);
  };
  remoteVideo.requestVideoFrameCallback(each);
} else {
  setInterval(() => { if (call) readStamp(call, remoteVideo); }, 30);
}

function drawCall() {
  const now = callStats.bitrate.at(-1)?.[0] ?? performance.now();
  const labels = [{ text: "60 s ago", at: now - CALL_HISTORY, anchor: "start" }, { text: "now", at: now, anchor: "end" }];
  const points = (name, column) => callStats[name].map((row) => [row[0], row[column]]);
  const draw = (name, title, series, unit, floor) => {
    plot($(`call-${name}-plot`), series, { from: now - CALL_HISTORY, to: now, unit, floor, labels });
    $(`call-${name}-plot`).setAttribute("aria-label", `${title} in the last minute; now ${$(`call-${name}`).textContent} ${unit}`);
  };
  draw("bitrate", "Kilobits a second received and sent", [{ name: "second", points: points("bitrate", 1) }, { name: "", points: points("bitrate", 2) }], "kbit/s", 100);
  draw("fps", "Pictures a second", [{ name: "", points: points("fps", 1) }], "a second", 10);
  draw("rtt", "Round trip", [{ name: "", points: points("rtt", 1) }], "ms", 1);
  draw("loss", "Packets lost", [{ name: "", points: points("loss", 1) }], "%", 1);
}

addEventListener("resize", drawCall);

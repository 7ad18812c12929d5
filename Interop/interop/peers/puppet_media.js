// SPDX-License-Identifier: Apache-2.0
// Installed after puppet.js: the verbs of media over the browser's own WebRTC. A section is known by its index
// among the connection's transceivers. The picture with a number in it is described in media/pattern.py.
(() => {
  const COLUMNS = 8, ROWS = 4, FRAMES_PER_SECOND = 20, AMPLITUDE = 0.25;
  const context = new AudioContext({ sampleRate: 48000 });
  const now = () => performance.now() / 1000;

  const check = (counter) => (((counter >> 8) * 3) ^ ((counter & 0xff) * 5) ^ 0xa5) & 0xff;

  class Picture {
    constructor(start) {
      this.counter = start;
      this.painted = new Map();
      this.canvas = document.createElement("canvas");
      this.canvas.width = 320;
      this.canvas.height = 240;
      this.context = this.canvas.getContext("2d");
      this.paint();
      this.timer = setInterval(() => this.paint(), 1000 / FRAMES_PER_SECOND);
      this.track = this.canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks()[0];
    }
    paint() {
      const { canvas, context } = this;
      const counter = this.counter++ & 0xffff;
      const word = counter * 256 + check(counter);
      const width = canvas.width / COLUMNS, height = canvas.height / ROWS;
      for (let row = 0; row < ROWS; row++) {
        for (let column = 0; column < COLUMNS; column++) {
          const index = 23 - (row * 6 + column - 1);
          const white = column === 0 || (column < 7 && (word >>> index) & 1);
          context.fillStyle = white ? "#fff" : "#000";
          context.fillRect(column * width, row * height, width, height);
        }
      }
      this.painted.set(counter, now());
    }
    stop() {
      clearInterval(this.timer);
      this.track.stop();
    }
  }

  class Tone {
    constructor(hertz) {
      this.oscillator = new OscillatorNode(context, { frequency: hertz });
      this.gain = new GainNode(context, { gain: AMPLITUDE });
      this.destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
      this.oscillator.connect(this.gain).connect(this.destination);
      this.oscillator.start();
      this.track = this.destination.stream.getAudioTracks()[0];
    }
    stop() {
      this.oscillator.stop();
      this.track.stop();
    }
  }

  // Reads pictures from a <video>: see pattern.py for the same in Python.
  class Watcher {
    constructor(track, section) {
      this.section = section;
      this.seen = [];
      this.canvas = document.createElement("canvas");
      this.canvas.width = 320;
      this.canvas.height = 240;
      this.context = this.canvas.getContext("2d", { willReadFrequently: true });
      this.video = document.createElement("video");
      this.video.muted = true;
      this.video.srcObject = new MediaStream([track]);
      document.body.append(this.video);
      this.video.play().catch(() => {});
      const step = () => {
        this.read();
        this.video.requestVideoFrameCallback(step);
      };
      this.video.requestVideoFrameCallback(step);
    }
    read() {
      const at = now();
      const { width, height } = this.canvas;
      if (!this.video.videoWidth) return;
      this.context.drawImage(this.video, 0, 0, width, height);
      const { data } = this.context.getImageData(0, 0, width, height);
      const luma = (x, y) => data[(y * width + x) * 4 + 1];
      const middles = [...Array(ROWS).keys()].map((row) => Math.floor(((row * 2 + 1) * height) / (2 * ROWS)));
      const across = [...Array(COLUMNS).keys()].map((column) => Math.floor(((column * 2 + 1) * width) / (2 * COLUMNS)));
      const grid = middles.map((y) => across.map((x) => luma(x, y) > 125));
      let brightest = 0;
      for (let i = 1; i < data.length; i += 4) brightest = Math.max(brightest, data[i]);
      const counterOf = (rows) => {
        if (!rows.every((row) => row[0] && !row[7])) return null;
        let word = 0;
        for (const row of rows) for (const bit of row.slice(1, 7)) word = word * 2 + (bit ? 1 : 0);
        const counter = Math.floor(word / 256);
        return (word & 0xff) === check(counter) ? counter : null;
      };
      const found = () => {
        for (const mirrored of [false, true]) {
          const counter = counterOf(mirrored ? grid.map((row) => [...row].reverse()) : grid);
          if (counter !== null) return { kind: "counter", counter, mirrored };
        }
        if (brightest > 90 && !grid.flat().some((white) => white)) {
          const reach = 10;
          for (const mirrored of [false, true]) {
            const rows = middles.map((y) => {
              const row = [true];
              for (let column = 1; column < COLUMNS; column++) {
                const border = (column * width) / COLUMNS;
                let line = 0;
                for (let x = border - reach; x < border + reach; x++) line = Math.max(line, luma(mirrored ? width - 1 - x : x, y));
                row.push(row[column - 1] !== line > 70);
              }
              return row;
            });
            const counter = counterOf(rows);
            if (counter !== null) return { kind: "edges", counter, mirrored };
          }
        }
        return { kind: brightest < 70 ? "black" : "unreadable", counter: -1, mirrored: false };
      };
      const reading = found();
      const painted = this.section.source?.painted?.get(reading.counter) ?? null;
      this.seen.push({ ...reading, at, painted, width: this.video.videoWidth, height: this.video.videoHeight });
    }
    take() {
      const seen = this.seen;
      this.seen = [];
      return seen;
    }
  }

  class Listener {
    constructor(track) {
      const stream = new MediaStream([track]);
      // Without an element that plays it, Chromium gives no samples of a remote track.
      this.element = new Audio();
      this.element.muted = true;
      this.element.srcObject = stream;
      this.element.play().catch(() => {});
      this.node = context.createMediaStreamSource(stream);
      this.analyser = new AnalyserNode(context, { fftSize: 4096 });
      this.node.connect(this.analyser);
    }
    window() {
      const samples = new Float32Array(this.analyser.fftSize);
      this.analyser.getFloatTimeDomainData(samples);
      const rounded = Int16Array.from(samples, (x) => Math.max(-32768, Math.min(32767, Math.round(x * 32767))));
      return { rate: context.sampleRate, samples: puppet.toBase64(new Uint8Array(rounded.buffer)) };
    }
  }

  // Asks for a key frame, which only a transform in a worker can do.
  const WORKER = `
    let transformer = null;
    self.onrtctransform = (event) => {
      transformer = event.transformer;
      transformer.readable.pipeTo(transformer.writable);
    };
    self.onmessage = async () => {
      try {
        await transformer.sendKeyFrameRequest();
        postMessage("");
      } catch (error) {
        postMessage(String(error));
      }
    };
  `;

  const sections = (id) => (puppet.entry(id).sections ??= []);
  const source = (section) => (section.kind === "video" ? new Picture(section.start) : new Tone(section.hertz));

  const preferences = (section) => {
    const { codecs } = RTCRtpReceiver.getCapabilities(section.kind);
    const named = (codec, ...names) => names.includes(codec.mimeType.split("/")[1].toLowerCase());
    const wanted = codecs.filter((codec) => named(codec, section.codec.toLowerCase()));
    if (!wanted.length) throw new Error(`UNSUPPORTED this browser has no ${section.codec}`);
    return [...wanted, ...codecs.filter((codec) => named(codec, "rtx", "telephone-event"))];
  };

  const attach = (transceiver, section) => {
    section.transceiver = transceiver;
    transceiver.setCodecPreferences(preferences(section));
    const { track } = transceiver.receiver;
    if (section.receives && section.kind === "video") section.watcher = new Watcher(track, section);
    if (section.receives && section.kind === "audio") section.listener = new Listener(track);
  };

  const create = (id, section) => {
    preferences(section);
    if (section.sends) section.source = source(section);
    const { pc } = puppet.entry(id);
    const options = { direction: section.direction, streams: section.sends ? [new MediaStream()] : [] };
    attach(pc.addTransceiver(section.source?.track ?? section.kind, options), section);
    sections(id).push(section);
  };

  Object.assign(puppet, {
    add(id, wanted) { wanted.forEach((section) => create(id, section)); },
    async answerMedia(id, sdp, wanted) {
      const { pc } = puppet.entry(id);
      await pc.setRemoteDescription({ type: "offer", sdp });
      const known = sections(id);
      const fresh = pc.getTransceivers().filter((transceiver) => !known.some((section) => section.transceiver === transceiver) && !transceiver.stopped);
      if (fresh.length !== wanted.length) throw new Error(`the offer has ${fresh.length} new media sections, not ${wanted.length}`);
      for (const [index, section] of wanted.entries()) {
        const transceiver = fresh[index];
        if (section.sends) {
          section.source = source(section);
          await transceiver.sender.replaceTrack(section.source.track);
        }
        transceiver.direction = section.direction;
        attach(transceiver, section);
        known.push(section);
      }
      return puppet.described(pc);
    },
    restartIce(id) { puppet.entry(id).pc.restartIce(); },
    seen(id, index) { return sections(id)[index].watcher.take(); },
    window(id, index) { return sections(id)[index].listener.window(); },
    mid(id, index) { return sections(id)[index].transceiver.mid; },
    setEnabled(id, index, on) { sections(id)[index].source.track.enabled = on; },
    async replaceTrack(id, index, change) {
      const section = sections(id)[index];
      const next = change && source({ ...section, ...change });
      await section.transceiver.sender.replaceTrack(next?.track ?? null);
      section.source?.stop();
      section.source = next;
    },
    remove(id, index) { sections(id)[index].transceiver.stop(); },
    async insertDTMF(id, index, tones) {
      const { dtmf } = sections(id)[index].transceiver.sender;
      if (!dtmf) throw new Error("UNSUPPORTED this browser sends no DTMF");
      dtmf.insertDTMF(tones, 120, 80);
    },
    async requestKeyFrame(id, index) {
      const { receiver } = sections(id)[index].transceiver;
      if (!("RTCRtpScriptTransform" in globalThis)) throw new Error("UNSUPPORTED no RTCRtpScriptTransform");
      const worker = new Worker(URL.createObjectURL(new Blob([WORKER])));
      receiver.transform = new RTCRtpScriptTransform(worker, {});
      await new Promise((resolve) => setTimeout(resolve, 300));
      const error = await new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage("");
      });
      if (error) throw new Error(`UNSUPPORTED ${error}`);
    },
    credentials(id) {
      const { localDescription, remoteDescription } = puppet.entry(id).pc;
      return [localDescription, remoteDescription].map(({ sdp }) => sdp.match(/a=ice-ufrag:(\S+)/)[1]);
    },
    async stats(id) {
      const entries = [];
      (await puppet.entry(id).pc.getStats()).forEach((entry) => entries.push(entry));
      return JSON.parse(JSON.stringify(entries));
    },
  });
})

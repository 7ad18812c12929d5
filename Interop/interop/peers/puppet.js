// SPDX-License-Identifier: Apache-2.0
// Installed into a blank page of a browser: the verbs of peers/base.py over the browser's own WebRTC.
// Binary messages cross to the harness as base64.
(() => {
  const HIGH_WATER = 1 << 20;
  const LOW_WATER = 256 << 10;
  const connections = new Map();
  const channels = new Map();
  let last = 0;

  const toBase64 = (bytes) => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };
  const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

  class Channel {
    constructor(raw) {
      this.raw = raw;
      this.queue = [];
      this.waiting = null;
      raw.binaryType = "arraybuffer";
      raw.bufferedAmountLowThreshold = LOW_WATER;
      this.opened = new Promise((resolve, reject) => {
        if (raw.readyState === "open") resolve();
        raw.addEventListener("open", resolve);
        raw.addEventListener("close", () => reject(new Error(`channel ${raw.label} closed before it was open`)));
      });
      this.opened.catch(() => {});
      this.closed = new Promise((resolve) => raw.addEventListener("close", resolve));
      raw.addEventListener("message", ({ data }) => {
        if (this.waiting) this.waiting(data);
        else this.queue.push(data);
      });
    }
    next() {
      if (this.queue.length) return Promise.resolve(this.queue.shift());
      return new Promise((resolve) => {
        this.waiting = (data) => { this.waiting = null; resolve(data); };
      });
    }
    async paced(message) {
      if (this.raw.bufferedAmount > HIGH_WATER) {
        const low = new Promise((resolve) => this.raw.addEventListener("bufferedamountlow", resolve, { once: true }));
        // Read again: it may have fallen below the mark before there was a listener.
        if (this.raw.bufferedAmount > LOW_WATER) await Promise.race([low, this.closed]);
      }
      this.raw.send(message);
    }
  }

  const keep = (map, value) => { map.set(++last, value); return last; };

  // Sets the local description and returns it with all candidates. When ICE restarts, the state is still that of the
  // first gathering for a while, and the end of the second one is an event.
  const described = async (pc) => {
    const ufrag = () => pc.localDescription?.sdp.match(/a=ice-ufrag:(\S+)/)?.[1];
    const before = ufrag();
    const ended = new Promise((resolve) => pc.addEventListener("icecandidate", ({ candidate }) => candidate || resolve()));
    await pc.setLocalDescription();
    if (before && before !== ufrag()) await ended;
    while (pc.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 2));
    return pc.localDescription.sdp;
  };

  const numbered = (size, index) => {
    const message = new Uint8Array(size);
    message.fill(index * 31 + 7);
    new DataView(message.buffer).setUint32(0, index);
    return message;
  };

  globalThis.puppet = {
    entry: (id) => connections.get(id),
    described,
    toBase64,
    connection() {
      const pc = new RTCPeerConnection();
      const announced = [];
      const entry = { pc, announced, wake: () => {} };
      pc.addEventListener("datachannel", ({ channel }) => {
        announced.push(keep(channels, new Channel(channel)));
        entry.wake();
      });
      return keep(connections, entry);
    },
    async offer(id) {
      const { pc } = connections.get(id);
      return described(pc);
    },
    async accept(id, sdp) { await connections.get(id).pc.setRemoteDescription({ type: "answer", sdp }); },
    async answer(id, sdp) {
      const { pc } = connections.get(id);
      await pc.setRemoteDescription({ type: "offer", sdp });
      return described(pc);
    },
    connected(id) {
      const { pc } = connections.get(id);
      return new Promise((resolve, reject) => {
        const look = () => {
          if (pc.connectionState === "connected") resolve();
          if (["failed", "closed"].includes(pc.connectionState)) reject(new Error(`connectionState became ${pc.connectionState}`));
        };
        pc.addEventListener("connectionstatechange", look);
        look();
      });
    },
    create(id, label, options) { return keep(channels, new Channel(connections.get(id).pc.createDataChannel(label, options))); },
    async incoming(id, label) {
      const entry = connections.get(id);
      if (!entry.announced.length) await new Promise((resolve) => { entry.wake = resolve; });
      const channel = entry.announced.shift();
      const got = channels.get(channel).raw.label;
      if (got !== label) throw new Error(`channel ${got} was announced, not ${label}`);
      return channel;
    },
    async tlsVersion(id) {
      let version = null;
      (await connections.get(id).pc.getStats()).forEach((entry) => {
        if (entry.type === "transport") version = entry.tlsVersion ?? null;
      });
      return version;
    },
    closeConnection(id) {
      connections.get(id).pc.close();
      connections.delete(id);
    },
    async opened(id) { await channels.get(id).opened; },
    async closed(id) { await channels.get(id).closed; },
    close(id) { channels.get(id).raw.close(); },
    sendText(id, text) { channels.get(id).raw.send(text); },
    sendBinary(id, base64) { channels.get(id).raw.send(fromBase64(base64)); },
    async receive(id) {
      const data = await channels.get(id).next();
      return typeof data === "string" ? { text: data } : { binary: toBase64(new Uint8Array(data)) };
    },
    async upload(id, total, size) {
      const channel = channels.get(id);
      for (let sent = 0; sent < total; sent += size) await channel.paced(new Uint8Array(Math.min(size, total - sent)));
    },
    async download(id, total) {
      const channel = channels.get(id);
      let count = 0;
      while (count < total) {
        const data = await channel.next();
        if (typeof data === "string") throw new Error(`text ${data.slice(0, 80)} among the binary messages`);
        count += data.byteLength;
      }
      if (count !== total) throw new Error(`${count} bytes came instead of ${total}`);
    },
    async echo(id, total, size) {
      const channel = channels.get(id);
      const count = total / size;
      const send = async () => {
        for (let index = 0; index < count; index++) await channel.paced(numbered(size, index));
      };
      const check = async () => {
        for (let index = 0; index < count; index++) {
          const data = await channel.next();
          const got = typeof data === "string" ? new Uint8Array() : new Uint8Array(data);
          const want = numbered(size, index);
          if (got.length !== size || got.some((byte, at) => byte !== want[at])) throw new Error(`message ${index} came back changed`);
        }
      };
      await Promise.all([send(), check()]);
    },
  };
})

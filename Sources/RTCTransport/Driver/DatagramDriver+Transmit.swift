// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension DatagramDriver {
    /// Sends what the engine has, up to the budget of a turn.
    ///
    /// Returns `false` when there may be more and nothing but the budget stands in the way.
    func transmit(at now: Instant) -> Bool {
        guard self.releaseHeld(at: now) else { return true }
        let memory = LoopShare.ofThisThread.memory
        var budget = self.configuration.datagramsPerTurn
        var run: TransmitRun?
        while budget > 0 {
            let used = run?.byteCount ?? 0
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(rebasing: memory[used...]))
            guard let transmit = self.engine.pollTransmit(into: &writer, at: now) else {
                // With all memory free, nil means none. Behind a run it may mean that the next did not fit.
                guard let last = run, self.send(last, from: memory, at: now) else { return true }
                run = nil
                continue
            }
            budget -= 1
            let size = writer.count
            guard size > 0 else { continue }
            if run?.append(transmit, size: size) != true {
                let next = TransmitRun(transmit, size: size)
                if let last = run {
                    let bytes = UnsafeRawBufferPointer(rebasing: memory[used..<(used + size)])
                    guard self.send(last, from: memory, at: now) else {
                        // It is polled already, so it waits behind what the full socket did not take.
                        self.hold(next, bytes, at: now)
                        return true
                    }
                    memory.copyMemory(from: bytes)
                }
                run = next
            }
            if let full = run, !full.isOpen {
                guard self.send(full, from: memory, at: now) else { return true }
                run = nil
            }
        }
        guard let last = run else { return false }
        // A full socket resumes by the timer, not by another turn.
        return !self.send(last, from: memory, at: now)
    }

    /// Sends a run that starts at the first byte of `memory`; `false` when the socket is full and the rest is held.
    private func send(_ run: TransmitRun, from memory: UnsafeMutableRawBufferPointer, at now: Instant) -> Bool {
        guard let socket = self.socket(at: run.transmit.local) else {
            self.counters.datagramsWithoutSocket += run.count
            return true
        }
        let bytes = UnsafeRawBufferPointer(rebasing: memory[..<run.byteCount])
        let (sent, isFull) = socket.send(
            bytes, segmentSize: run.segmentSize, count: run.count, to: run.transmit.remote, statistics: &self.counters)
        guard isFull else { return true }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
        if socket.isStuck {
            self.counters.datagramsExpired += (rest.count + run.segmentSize - 1) / run.segmentSize
            return true
        }
        self.counters.blockedSends += 1
        self.hold(run, rest, at: now)
        return false
    }

    private func hold(_ run: TransmitRun, _ bytes: UnsafeRawBufferPointer, at now: Instant) {
        self.held.append(
            HeldTransmit(
                transmit: run.transmit,
                segmentSize: run.segmentSize,
                bytes: Array(bytes),
                since: now,
                retryAt: now + self.configuration.retryInterval
            )
        )
    }

    /// Sends what full sockets did not take; `false` when one is full still.
    private func releaseHeld(at now: Instant) -> Bool {
        while var first = self.held.first {
            guard first.retryAt <= now || self.closing != nil else { return false }
            guard let socket = self.socket(at: first.transmit.local) else {
                self.counters.datagramsWithoutSocket += first.count
                self.held.removeFirst()
                continue
            }
            let (sent, isFull) = first.bytes.withUnsafeBytes {
                socket.send(
                    $0, segmentSize: first.segmentSize, count: first.count, to: first.transmit.remote,
                    statistics: &self.counters)
            }
            if isFull {
                first.bytes.removeFirst(sent)
                if now - first.since < self.configuration.blockedLimit {
                    first.retryAt = now + self.configuration.retryInterval
                    self.held[0] = first
                    return false
                }
                socket.isStuck = true
                self.counters.datagramsExpired += first.count
            }
            self.held.removeFirst()
        }
        return true
    }

    private func socket(at local: TransportAddress) -> DatagramSocket? {
        if self.lastSocketIndex < self.sockets.count {
            let last = self.sockets[self.lastSocketIndex]
            if last.address == local { return last.isOpen ? last : nil }
        }
        guard let index = self.sockets.firstIndex(where: { $0.address == local }) else { return nil }
        self.lastSocketIndex = index
        let socket = self.sockets[index]
        return socket.isOpen ? socket : nil
    }
}

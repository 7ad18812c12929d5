// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension Sender {
    /// A first fragment that would be shorter than this waits for the next packet.
    private static let leastFragment = 64

    /// Writes as many DATA chunks as windows and `room` allow; returns whether there was any.
    mutating func writeData(
        room: Int, events: inout DeliveryQueue, timers: inout Deadlines, now: Instant,
        into writer: inout ByteWriter
    ) -> Bool {
        let start = writer.count
        let limit = start &+ room
        let resentFirst = self.writeLost(limit: limit, now: now, into: &writer)
        self.writeNew(limit: limit, events: &events, now: now, into: &writer)
        guard writer.count > start else { return false }
        self.arm(&timers, restart: resentFirst, now: now)
        return true
    }

    /// Writes lost chunks, the oldest first; returns whether the first outstanding one is among them.
    private mutating func writeLost(limit: Int, now: Instant, into writer: inout ByteWriter) -> Bool {
        var resentFirst = false
        while let index = self.flight.firstLost() {
            let chunk = self.flight.chunks[index]
            guard chunk.wireBytes <= limit &- writer.count else { break }
            guard
                self.mayForceOne || self.flight.wireBytes &+ chunk.wireBytes <= self.congestion.window
                    || self.flight.wireBytes == 0,
                self.peerWindow >= Int(chunk.length) || self.flight.userBytes == 0
            else { break }
            self.write(chunk, tsn: self.flight.firstTSN &+ Int64(index), isProbe: self.mayForceOne, into: &writer)
            self.mayForceOne = false
            self.flight.resent(index, now: now)
            self.chunksRetransmitted &+= 1
            if index == 0 { resentFirst = true }
        }
        return resentFirst
    }

    private mutating func writeNew(
        limit: Int, events: inout DeliveryQueue, now: Instant, into writer: inout ByteWriter
    ) {
        while self.flight.lostCount == 0 {
            guard self.mayForceOne || self.flight.wireBytes < self.congestion.window else { break }
            if !self.hasPartialMessage {
                guard let message = self.queue.popFirst() else { break }
                self.flight.append(message)
                self.isMessageFresh = true
                self.fragmentedBytes = 0
            }
            let place = self.flight.messages.count &- 1
            let stream = self.flight.messages[place].stream
            let left = self.flight.messages[place].bytes.count &- self.fragmentedBytes
            var length = min(left, limit &- writer.count &- DataHeader.byteCount)
            if length < left {
                length &= ~3
                guard length >= Self.leastFragment else { break }
            }
            guard self.peerWindow >= length || self.flight.userBytes == 0 else { break }
            var flags: DataHeader.Flags = self.flight.messages[place].isOrdered ? [] : .unordered
            if self.fragmentedBytes == 0 { flags.insert(.begin) }
            if length == left { flags.insert(.end) }
            let tsn = self.flight.nextTSN
            self.flight.append(offset: self.fragmentedBytes, length: length, flags: flags, now: now)
            // The window is small and now full: a delayed SACK would stop us.
            let isLast =
                self.flight.wireBytes >= self.congestion.window && self.congestion.window <= 4 &* self.packetSize
            self.write(
                self.flight.chunks[self.flight.chunks.count &- 1], tsn: tsn, isProbe: self.mayForceOne || isLast,
                into: &writer)
            self.mayForceOne = false
            self.isMessageFresh = false
            self.fragmentedBytes = length == left ? 0 : self.fragmentedBytes &+ length
            self.chunksSent &+= 1
            self.bytesSent &+= length
            if length == left { self.messagesSent &+= 1 }
            if self.queue.sent(length, of: stream) { events.append(.bufferedAmountDecreased(stream: stream)) }
        }
    }

    @inline(__always)
    private func write(_ chunk: Flight.Chunk, tsn: Int64, isProbe: Bool, into writer: inout ByteWriter) {
        let place = self.flight.message(of: chunk)
        let header = DataHeader(
            flags: isProbe ? chunk.flags.union(.immediate) : chunk.flags, tsn: UInt32(truncatingIfNeeded: tsn),
            stream: self.flight.messages[place].stream, ssn: self.flight.messages[place].ssn,
            ppid: self.flight.messages[place].ppid)
        let start = Int(chunk.offset)
        let bytes = self.flight.messages[place].bytes
        header.write(payload: bytes.span.bytes.extracting(start..<(start &+ Int(chunk.length))), into: &writer)
    }
}

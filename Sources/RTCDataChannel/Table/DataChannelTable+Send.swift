// SPDX-License-Identifier: Apache-2.0

internal import RTCSCTP
package import RTCWire

extension DataChannelTable {
    /// Sends a message, whole and reliably.
    ///
    /// Throws `.notOpen`, `.associationClosed`, `.messageTooLarge` or `.bufferFull`; then nothing was sent. A message
    /// that is larger than the whole send budget is taken by an empty buffer only.
    package mutating func send(
        _ message: DataChannelMessage, on id: DataChannelID, at now: Instant
    ) throws(DataChannelError) {
        if case .ended = self.phase { throw .associationClosed }
        guard let index = self.channels.index(of: id) else { throw .notOpen }
        try self.checkSize(message.byteCount)
        switch self.channels[index].state.send(message) {
        case .send(let mustBeOrdered):
            let isOrdered = mustBeOrdered || self.channels[index].parameters.isOrdered
            guard self.give(message, to: index, isOrdered: isOrdered, at: now) else { throw .notOpen }
        case .queued:
            self.waitingByteCount += message.byteCount
        case .refuse:
            throw .notOpen
        }
        self.channels[index].statistics.messagesSent += 1
        self.channels[index].statistics.bytesSent += UInt64(message.byteCount)
        self.drainAssociation(at: now)
    }

    /// The largest message that the peer takes, in bytes.
    package var maxSendSize: Int {
        switch self.remoteMaxMessageSize {
        case nil: DataChannelConfiguration.defaultRemoteMaxMessageSize
        case 0: .max
        case .some(let size): Int(clamping: size)
        }
    }

    private mutating func checkSize(_ byteCount: Int) throws(DataChannelError) {
        guard byteCount <= self.maxSendSize else { throw .messageTooLarge(limit: self.maxSendSize) }
        let buffered = self.bufferedAmount
        guard buffered == 0 || byteCount <= self.configuration.sendBudget - buffered else {
            self.isSenderWaiting = true
            throw .bufferFull
        }
    }

    /// Hands a message of the user to the association; `false` when it takes none.
    @discardableResult
    mutating func give(_ message: DataChannelMessage, to index: Int, isOrdered: Bool, at now: Instant) -> Bool {
        guard let stream = self.channels[index].stream else { return false }
        // RFC 8831 §6.6: "SCTP does not support the sending of empty user messages": one zero byte stands for it.
        let (bytes, ppid): ([UInt8], PayloadProtocolID) =
            switch message {
            case .text(let text): text.isEmpty ? ([0], .stringEmpty) : (text, .string)
            case .binary(let binary): binary.isEmpty ? ([0], .binaryEmpty) : (binary, .binary)
            }
        do {
            try self.association?.send(bytes, stream: StreamID(stream), ppid: ppid, isOrdered: isOrdered, at: now)
        } catch {
            return false
        }
        self.channels[index].buffered.add(user: message.byteCount, total: bytes.count)
        return true
    }

    /// Hands a DCEP message to the association: "ordered delivery and reliable transmission" (RFC 8832 §6).
    mutating func sendControl(_ message: DCEPMessage, on index: Int, at now: Instant) {
        guard let stream = self.channels[index].stream, let bytes = message.bytes else { return }
        do {
            try self.association?.send(bytes, stream: StreamID(stream), ppid: .dcep, isOrdered: true, at: now)
        } catch {
            // Only an association that is closing takes nothing, and its end closes the channel.
            return
        }
        self.channels[index].buffered.add(user: 0, total: bytes.count)
    }

    /// Bytes of a stream have gone to the network.
    mutating func bufferedAmountDecreased(on stream: StreamID) {
        let remaining =
            switch self.association {
            case .some(let association): association.bufferedAmount(of: stream)
            case nil: 0
            }
        if let index = self.slots[stream.rawValue], self.channels[index].buffered.update(remaining: remaining),
            !self.channels[index].isRefused
        {
            self.events.push(.bufferedAmountLow(self.channels[index].id))
        }
        self.noteBudget()
    }

    /// Tells a sender that was refused that there is room again.
    mutating func noteBudget() {
        guard self.isSenderWaiting, self.bufferedAmount <= self.configuration.sendBudget / 2 else { return }
        self.isSenderWaiting = false
        self.events.push(.writable)
    }
}

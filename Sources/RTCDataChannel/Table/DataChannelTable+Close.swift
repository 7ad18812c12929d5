// SPDX-License-Identifier: Apache-2.0

internal import RTCSCTP
package import RTCWire

extension DataChannelTable {
    /// Closes a channel; what was sent on it is delivered first (RFC 8831 §6.7, W3C WebRTC §6.2).
    ///
    /// `.closed` follows when both directions are reset. What the peer sends meanwhile is dropped. Without effect on
    /// a channel that is closing or closed.
    package mutating func close(_ id: DataChannelID, at now: Instant) {
        guard let index = self.channels.index(of: id) else { return }
        switch self.channels[index].state.close(error: nil) {
        case .resetOutgoing: self.requestReset(of: index, at: now)
        case .closed: self.finish(index, error: nil)
        case .wait, .ignore: break
        }
        self.drainAssociation(at: now)
    }

    /// Closes a channel for a reason that is not the user's wish.
    mutating func fail(_ index: Int, _ error: DataChannelError, at now: Instant) {
        switch self.channels[index].state.close(error: error) {
        case .resetOutgoing:
            self.announceClosing(index)
            self.requestReset(of: index, at: now)
        case .wait:
            self.announceClosing(index)
        case .closed:
            self.finish(index, error: error)
        case .ignore:
            self.drops.late += 1
        }
    }

    /// Asks the peer to reset our direction of a channel's stream, behind what is queued on it.
    mutating func requestReset(of index: Int, at now: Instant) {
        // Before that, the association's own `connected` asks for it.
        guard self.isConnected, let stream = self.channels[index].stream else { return }
        self.association?.resetStreams([StreamID(stream)], at: now)
    }

    /// The peer has reset streams of its own; all of them when the list is empty (RFC 6525 §4.1).
    mutating func incomingStreamsReset(_ streams: [StreamID], at now: Instant) {
        if streams.isEmpty {
            for stream in self.slots.keys.sorted() {
                if let index = self.slots[stream] { self.peerReset(index, at: now) }
            }
        }
        for stream in streams {
            if let index = self.slots[stream.rawValue] {
                self.peerReset(index, at: now)
            } else if !self.streams.contains(stream.rawValue) {
                // A negotiated channel that only the peer had: it waits for our direction (RFC 8831 §6.7).
                self.refuse(stream.rawValue, isBlocked: false, isIncomingReset: true, at: now)
            }
        }
    }

    /// The peer has reset its direction of a channel.
    mutating func peerReset(_ index: Int, at now: Instant) {
        switch self.channels[index].state.incomingReset() {
        case .resetOutgoing:
            self.announceClosing(index)
            self.requestReset(of: index, at: now)
        case .wait: self.announceClosing(index)
        case .closed(let error): self.finish(index, error: error)
        case .ignore: break
        }
    }

    /// The peer has confirmed that streams of ours are reset.
    mutating func outgoingStreamsReset(_ streams: [StreamID], at now: Instant) {
        for stream in streams {
            guard let index = self.slots[stream.rawValue] else { continue }
            switch self.channels[index].state.outgoingReset() {
            case .closed(let error): self.finish(index, error: error)
            case .start: self.startChannel(index, at: now)
            case .ignore: break
            }
        }
    }

    /// The peer does not reset streams of ours: their channels are over, and no other can have the streams.
    mutating func resetFailed(_ streams: [StreamID]) {
        for stream in streams {
            guard let index = self.slots[stream.rawValue] else { continue }
            self.finish(index, error: nil, keepsStream: !self.channels[index].isRefused)
        }
    }

    /// The peer has started anew and knows of no channel; all streams are as new.
    mutating func restarted() {
        self.endAll(error: .associationLost)
        self.streams = StreamAllocator()
    }

    /// The association is gone.
    mutating func end(_ reason: SCTPCloseReason) {
        if case .ended = self.phase { return }
        self.phase = .ended
        // RFC 8831 §6.2: "In case of a non-graceful teardown, all data channels are also closed, but an error
        // indication SHOULD be provided"
        let error: DataChannelError? =
            switch reason {
            case .shutdown, .aborted: nil
            case .abortedByPeer, .connectTimeout, .peerUnreachable, .protocolViolation: .associationLost
            }
        self.endAll(error: error)
        self.events.push(.ended(reason))
    }

    private mutating func endAll(error: DataChannelError?) {
        self.isSenderWaiting = false
        self.unnumbered = []
        for id in self.channels.idsInOrder {
            guard let index = self.channels.index(of: id) else { continue }
            self.finish(index, error: error)
        }
    }

    private mutating func announceClosing(_ index: Int) {
        if !self.channels[index].isRefused { self.events.push(.closing(self.channels[index].id)) }
    }

    /// Says that a channel is closed, and forgets it. The index means nothing afterwards.
    ///
    /// The error that the channel was closing for, if any, goes before `error`.
    mutating func finish(_ index: Int, error: DataChannelError?, keepsStream: Bool = false) {
        self.waitingByteCount -= self.channels[index].state.waitingByteCount
        let error = self.channels[index].state.end() ?? error
        if let stream = self.channels[index].stream {
            self.slots[stream] = nil
            if !keepsStream { self.streams.release(stream) }
        } else {
            let id = self.channels[index].id
            self.unnumbered.removeAll { $0 == id }
        }
        if self.channels[index].isRefused {
            self.refusedCount -= 1
        } else {
            self.events.push(.closed(self.channels[index].id, error))
            if self.channels[index].isIncoming {
                self.remoteNameByteCount -= self.channels[index].parameters.nameByteCount
            }
        }
        self.channels.remove(at: index)
        self.noteBudget()
    }
}

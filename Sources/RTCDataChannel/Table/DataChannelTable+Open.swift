// SPDX-License-Identifier: Apache-2.0

internal import RTCSCTP
package import RTCWire

extension DataChannelTable {
    /// Opens a channel: announced to the peer with an OPEN message, or negotiated by the applications when the
    /// parameters name a stream (RFC 8831 §6.5).
    ///
    /// Messages may be sent on it at once. `.opened` follows, or `.closed` when the stream turns out not to exist.
    /// Throws `.nameTooLong`, `.streamInUse`, `.noSuchStream`, `.tooManyChannels` or `.associationClosed`.
    package mutating func open(
        _ parameters: DataChannelParameters, at now: Instant
    ) throws(DataChannelError) -> DataChannelID {
        if case .ended = self.phase { throw .associationClosed }
        guard parameters.label.utf8.count <= UInt16.max, parameters.protocol.utf8.count <= UInt16.max else {
            throw .nameTooLong
        }
        let stream = try self.chooseStream(for: parameters)
        guard self.channelCount < min(self.configuration.maxChannels, self.streamLimit) else {
            if let stream { self.streams.release(stream) }
            throw .tooManyChannels
        }
        let index = self.channels.insert {
            Channel(id: $0, parameters: parameters, stream: stream, isIncoming: false, state: .waiting())
        }
        let id = self.channels[index].id
        if let stream {
            self.slots[stream] = index
            self.startChannel(index, at: now)
            self.drainAssociation(at: now)
        } else {
            self.unnumbered.append(id)
        }
        return id
    }

    private mutating func chooseStream(for parameters: DataChannelParameters) throws(DataChannelError) -> UInt16? {
        if let stream = parameters.negotiatedStream {
            guard Int(stream) < self.streamLimit else { throw .noSuchStream }
            // "If it attempts to reuse a stream that is part of an existing data channel, the addition MUST fail."
            guard self.streams.reserve(stream) else { throw .streamInUse }
            return stream
        }
        guard let role = self.role else {
            guard self.unnumbered.count < self.configuration.maxWaitingChannels else { throw .tooManyChannels }
            return nil
        }
        guard let stream = self.streams.allocate(for: role, below: self.streamLimit) else { throw .tooManyChannels }
        return stream
    }

    /// Which end of the DTLS connection this is, once that is known.
    package var role: DataChannelRole? {
        switch self.phase {
        case .started(let role), .connected(let role): role
        case .waiting, .ended: nil
        }
    }

    /// Whether the association is up.
    var isConnected: Bool {
        switch self.phase {
        case .connected: true
        case .waiting, .started, .ended: false
        }
    }

    /// Gives streams to the channels opened before `start`, and starts all.
    mutating func startWaitingChannels(at now: Instant) {
        guard let role = self.role else { return }
        // Negotiated channels have their streams; those at or above the limit never get one that works.
        for id in self.channels.idsInOrder {
            guard let index = self.channels.index(of: id), let stream = self.channels[index].stream else { continue }
            if Int(stream) < self.streamLimit {
                self.startChannel(index, at: now)
            } else {
                self.finish(index, error: .noSuchStream)
            }
        }
        let unnumbered = self.unnumbered
        self.unnumbered = []
        for id in unnumbered {
            guard let index = self.channels.index(of: id) else { continue }
            guard let stream = self.streams.allocate(for: role, below: self.streamLimit) else {
                self.finish(index, error: .tooManyChannels)
                continue
            }
            self.channels[index].stream = stream
            self.slots[stream] = index
            self.startChannel(index, at: now)
        }
    }

    /// Sends OPEN or ACK and what waits behind it, if there is an association to take it.
    mutating func startChannel(_ index: Int, at now: Instant) {
        guard self.association != nil else { return }
        let isIncoming = self.channels[index].isIncoming
        let isAnnounced = !isIncoming && self.channels[index].parameters.negotiatedStream == nil
        self.waitingByteCount -= self.channels[index].state.waitingByteCount
        guard case .send(let messages, let thenReset) = self.channels[index].state.start(isAnnounced: isAnnounced)
        else { return }
        if isAnnounced {
            self.sendControl(.open(self.channels[index].parameters), on: index, at: now)
        } else if isIncoming, !self.channels[index].isRefused {
            self.sendControl(.acknowledge, on: index, at: now)
        }
        for message in messages {
            // Ordered behind the OPEN by rule, and behind what was sent while the stream was not ours at no cost.
            self.give(message, to: index, isOrdered: isAnnounced || self.channels[index].parameters.isOrdered, at: now)
        }
        if thenReset {
            self.requestReset(of: index, at: now)
        } else if self.isConnected, !isIncoming {
            self.events.push(.opened(self.channels[index].id))
        }
    }

    /// The association is up: what was begun before is open, or cannot be.
    mutating func associationConnected(inboundStreams: UInt16, outboundStreams: UInt16, at now: Instant) {
        guard case .started(let role) = self.phase else { return }
        self.phase = .connected(role: role)
        self.streamLimit = min(Int(inboundStreams), Int(outboundStreams), self.streamLimit)
        self.events.push(.connected(maxChannels: min(self.configuration.maxChannels, self.streamLimit)))
        for id in self.channels.idsInOrder {
            guard let index = self.channels.index(of: id), let stream = self.channels[index].stream else { continue }
            if Int(stream) >= self.streamLimit {
                self.finish(index, error: .noSuchStream)
            } else if self.channels[index].state.awaitsOutgoingReset {
                self.requestReset(of: index, at: now)
            } else if self.channels[index].state.isActive {
                self.events.push(.opened(id))
            }
        }
    }
}

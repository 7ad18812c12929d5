// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCDataChannel
internal import RTCEngine
internal import RTCTransport
internal import Synchronization

extension ConnectionCore {
    /// Opens a channel, on the loop; throws `RTCError` when its parameters are refused.
    func openChannel(_ parameters: DataChannelParameters) throws(RTCError) -> ChannelCore {
        self.eventLoop.preconditionInEventLoop()
        // Drained later: the engine may open the channel at once, and its event must find it adopted.
        let opened = self.driver.perform(drain: .nextTurn) { engine, now in
            Result { () throws(DataChannelError) in
                try engine.withChannels(at: now) { channels throws(DataChannelError) in
                    try channels.open(parameters, at: now)
                }
            }
        }
        switch opened {
        case .success(let id):
            return self.adopt(id, parameters, state: .connecting, streamID: parameters.negotiatedStream)
        case .failure(let error): throw RTCError(error, label: parameters.label)
        }
    }

    /// Hands what tasks put into a channel's outbox to the engine; may be called from anywhere.
    func sendMessages(of channel: ChannelCore) {
        self.eventLoop.execute { self.flush(channel, drain: .now) }
    }

    /// Begins to close a channel, after what was sent before; may be called from anywhere.
    func closeChannel(_ channel: ChannelCore) {
        self.eventLoop.execute {
            self.flush(channel, drain: .nextTurn)
            guard let id = self.channelIDs[ObjectIdentifier(channel)] else { return }
            self.closingChannels.insert(id)
            self.closeIfFlushed(channel, id)
        }
    }

    private func closeIfFlushed(_ channel: ChannelCore, _ id: DataChannelID) {
        guard self.closingChannels.contains(id), channel.outbox.isEmpty else { return }
        self.closingChannels.remove(id)
        self.withEngine { engine, now in engine.withChannels(at: now) { $0.close(id, at: now) } }
    }

    private func adopt(
        _ id: DataChannelID, _ parameters: DataChannelParameters, state: RTCDataChannelState, streamID: UInt16?
    ) -> ChannelCore {
        self.channelsMade += 1
        let channel = ChannelCore(
            number: self.channelsMade, parameters: parameters, state: state, streamID: streamID,
            sendBufferLimit: self.configuration.sendBufferLimit,
            onRead: { [weak self] bytes in self?.didRead(bytes) })
        self.channels[id] = channel
        self.channelIDs[ObjectIdentifier(channel)] = id
        return channel
    }

    private func flush(_ channel: ChannelCore, drain: DatagramDriver<PeerEngine>.DrainTime) {
        guard let id = self.channelIDs[ObjectIdentifier(channel)] else { return }
        var messages = channel.outbox.takeAll()
        guard !messages.isEmpty else { return }
        let isFull = self.driver.perform(drain: drain) { engine, now in
            engine.withChannels(at: now) { channels in
                while let message = messages.first {
                    do throws(DataChannelError) {
                        try channels.send(message, on: id, at: now)
                    } catch .bufferFull {
                        return true
                    } catch {
                        // The channel ended meanwhile; an event says so.
                    }
                    messages.removeFirst()
                }
                return false
            }
        }
        if isFull {
            channel.outbox.putBack(messages)
            if !self.stalled.contains(where: { $0 === channel }) { self.stalled.append(channel) }
        }
        self.sending.insert(id)
        self.updateBufferedAmount(of: id)
        self.closeIfFlushed(channel, id)
    }

    /// Tells the channels that have sent something how much of it still waits.
    func updateBufferedAmounts() {
        for id in self.sending { self.updateBufferedAmount(of: id) }
    }

    private func updateBufferedAmount(of id: DataChannelID) {
        guard let channel = self.channels[id] else {
            self.sending.remove(id)
            return
        }
        let buffered = self.engine.bufferedAmount(of: id)
        if buffered == 0 { self.sending.remove(id) }
        if channel.outbox.setEngineBytes(buffered) { channel.bufferedAmountLow.yield(()) }
    }

    /// Why a channel closed; `nil` when it was somebody's wish.
    private func reason(_ error: DataChannelError?, label: String) -> RTCError? {
        guard error == nil || error == .associationLost else { return error.map { RTCError($0, label: label) } }
        if let diagnosis = self.failure.withLock({ $0 }) {
            return RTCError(
                .network, "the channel \"\(label.prefix(64))\" was closed: the connection failed",
                underlying: diagnosis.description)
        }
        if error == nil, self.dtlsState.value != .closed || self.isClosed { return nil }
        return RTCError(.network, "the channel \"\(label.prefix(64))\" was closed: the peer ended the connection")
    }

    /// Carries a channel's event to its streams, on the loop.
    func handle(_ event: DataChannelEvent) {
        switch event {
        case .incoming(let id, let parameters, let stream):
            let channel = self.adopt(id, parameters, state: .open, streamID: stream)
            self.channelsOpened += 1
            // Nobody asks for the peer's channels, and it opens one after the other.
            if !self.incomingChannels.yield(channel) { self.closeChannel(channel) }
        case .opened(let id):
            guard let channel = self.channels[id], let stream = self.engine.stream(of: id) else { return }
            if channel.state.value == .connecting { self.channelsOpened += 1 }
            channel.opened(streamID: stream)
        case .message(let id, let message):
            guard let channel = self.channels[id] else { return }
            self.backlog.add(channel.inbox.deliver(RTCDataChannelMessage(message)))
        case .writable:
            let stalled = self.stalled
            self.stalled = []
            for channel in stalled { self.flush(channel, drain: .now) }
        case .closing(let id):
            self.channels[id]?.closing()
        case .closed(let id, let error):
            guard let channel = self.channels.removeValue(forKey: id) else { return }
            self.channelIDs[ObjectIdentifier(channel)] = nil
            self.sending.remove(id)
            self.stalled.removeAll { $0 === channel }
            self.closingChannels.remove(id)
            self.channelsClosed += 1
            channel.closed(self.reason(error, label: channel.parameters.label))
        case .bufferedAmountLow, .connected, .ended:
            // The outboxes watch their own thresholds; the association's state comes as an event of its own.
            break
        }
    }
}

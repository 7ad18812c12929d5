// SPDX-License-Identifier: Apache-2.0

internal import RTCSCTP
internal import RTCWire

extension DataChannelTable {
    /// Acts on everything that the association has to say.
    mutating func drainAssociation(at now: Instant) {
        while let event = self.association?.pollEvent() {
            switch event {
            case .connected(let inboundStreams, let outboundStreams):
                self.associationConnected(inboundStreams: inboundStreams, outboundStreams: outboundStreams, at: now)
            case .message(let stream, .dcep, let bytes):
                self.receivedControl(bytes, on: stream.rawValue, at: now)
            case .message(let stream, let ppid, let bytes):
                self.receivedMessage(bytes, ppid: ppid, on: stream.rawValue, at: now)
            case .messageTooLarge(let stream):
                self.receivedMessageTooLarge(on: stream.rawValue, at: now)
            case .bufferedAmountDecreased(let stream):
                self.bufferedAmountDecreased(on: stream)
            case .incomingStreamsReset(let streams):
                self.incomingStreamsReset(streams, at: now)
            case .outgoingStreamsReset(let streams):
                self.outgoingStreamsReset(streams, at: now)
            case .resetFailed(let streams):
                self.resetFailed(streams)
            case .restarted:
                self.restarted()
            case .closed(let reason):
                self.end(reason)
            }
        }
    }
}

// MARK: - DCEP

extension DataChannelTable {
    private mutating func receivedControl(_ bytes: [UInt8], on stream: UInt16, at now: Instant) {
        let message: DCEPMessage
        do throws(DCEPMessage.Malformation) {
            message = try DCEPMessage(parsing: bytes.span.bytes)
        } catch {
            return self.receivedViolation(on: stream, at: now)
        }
        switch message {
        case .open(let parameters):
            self.receivedOpen(parameters, on: stream, at: now)
        case .acknowledge:
            guard let index = self.slots[stream] else { return self.receivedViolation(on: stream, at: now) }
            switch self.channels[index].state.heardAcknowledgement() {
            case .accept: break
            case .violation: self.fail(index, .protocolViolation, at: now)
            case .ignore: self.drops.late += 1
            }
        }
    }

    private mutating func receivedOpen(_ parameters: DataChannelParameters, on stream: UInt16, at now: Instant) {
        var isBlocked = false
        if let index = self.slots[stream] {
            // The peer opens the stream anew as soon as it has seen both resets. When the confirmation of ours got
            // lost, that is before we have: the old channel is over, and the new one can answer a little later.
            guard self.channels[index].state.awaitsOnlyOutgoingReset else {
                return self.receivedViolation(on: stream, at: now)
            }
            isBlocked = true
            self.finish(index, error: nil)
        } else if self.streams.contains(stream) {
            self.drops.late += 1
            return
        }
        let canHaveMore = self.channelCount < min(self.configuration.maxChannels, self.streamLimit)
        let namesFit = parameters.nameByteCount <= self.configuration.maxRemoteNameBytes - self.remoteNameByteCount
        // RFC 8832 §6: "the stream identifier corresponds to the role of the peer"
        let isPeers = self.role.map { !$0.mayOpen(stream) } ?? false
        guard isPeers, canHaveMore, namesFit, Int(stream) < self.streamLimit, self.streams.reserve(stream) else {
            return self.refuse(stream, isBlocked: isBlocked, at: now)
        }
        self.remoteNameByteCount += parameters.nameByteCount
        let index = self.channels.insert {
            Channel(
                id: $0, parameters: parameters, stream: stream, isIncoming: true,
                state: isBlocked ? .waiting(isIncoming: true) : .accepted()
            )
        }
        self.slots[stream] = index
        if !isBlocked { self.sendControl(.acknowledge, on: index, at: now) }
        let id = self.channels[index].id
        self.events.push(.incoming(id, parameters, stream: stream))
        if self.isConnected { self.events.push(.opened(id)) }
    }

    /// Something came that has no place on this stream: what is there closes, the association lives (RFC 8832 §6).
    private mutating func receivedViolation(on stream: UInt16, at now: Instant) {
        if let index = self.slots[stream] {
            self.fail(index, .protocolViolation, at: now)
        } else {
            self.refuse(stream, isBlocked: false, at: now)
        }
    }

    /// Undoes what the peer began on a stream that has no channel: "the receiver MUST close the corresponding data
    /// channel … and MUST NOT send a DATA_CHANNEL_ACK" (RFC 8832 §6).
    mutating func refuse(_ stream: UInt16, isBlocked: Bool, isIncomingReset: Bool = false, at now: Instant) {
        self.drops.refused += 1
        guard self.refusedCount < self.configuration.maxRefusedStreams, Int(stream) < self.streamLimit,
            self.streams.reserve(stream)
        else {
            self.drops.ignored += 1
            return
        }
        let index = self.channels.insert {
            Channel(
                id: $0, parameters: DataChannelParameters(), stream: stream, isIncoming: true, isRefused: true,
                state: isBlocked ? .waiting(isIncoming: true) : .accepted()
            )
        }
        self.refusedCount += 1
        self.slots[stream] = index
        if isIncomingReset {
            self.peerReset(index, at: now)
        } else {
            self.fail(index, .refused, at: now)
        }
    }
}

// MARK: - Messages of the user

extension DataChannelTable {
    private mutating func receivedMessage(
        _ bytes: [UInt8], ppid: PayloadProtocolID, on stream: UInt16, at now: Instant
    ) {
        guard let index = self.slots[stream] else {
            // "receiving a message containing user data on an unused stream indicates an error" (RFC 8832 §6)
            if !self.streams.contains(stream) { self.refuse(stream, isBlocked: false, at: now) }
            return
        }
        let message: DataChannelMessage
        switch ppid {
        case .string: message = .text(bytes)
        case .binary: message = .binary(bytes)
        // "the receiver MUST ignore the SCTP user message and process it as an empty message" (RFC 8831 §6.6)
        case .stringEmpty: message = .text([])
        case .binaryEmpty: message = .binary([])
        case .stringPartial, .binaryPartial:
            // Without its fragments the last part would pass for the whole message.
            return self.fail(index, .unsupportedMessage, at: now)
        default:
            self.drops.unknownProtocol += 1
            return
        }
        switch self.channels[index].state.heardMessage() {
        case .accept: break
        case .violation: return self.fail(index, .protocolViolation, at: now)
        case .ignore:
            self.drops.late += 1
            return
        }
        guard message.byteCount <= self.configuration.maxMessageSize else {
            return self.fail(index, .receivedMessageTooLarge, at: now)
        }
        if case .text(let text) = message, !text.span.bytes.isValidUTF8 {
            return self.fail(index, .invalidText, at: now)
        }
        self.channels[index].statistics.messagesReceived += 1
        self.channels[index].statistics.bytesReceived += UInt64(message.byteCount)
        self.events.push(.message(self.channels[index].id, message))
    }

    private mutating func receivedMessageTooLarge(on stream: UInt16, at now: Instant) {
        if let index = self.slots[stream] {
            self.fail(index, .receivedMessageTooLarge, at: now)
        } else if !self.streams.contains(stream) {
            self.refuse(stream, isBlocked: false, at: now)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCEngine
internal import RTCMedia
internal import RTCRTP
internal import RTCTransport
internal import RTCWire

/// The senders and receivers of a connection, by the numbers that the engine knows them by; confined to the loop.
struct MediaTable {
    var senders: [Int: SenderCore] = [:]
    var receivers: [Int: ReceiverCore] = [:]
    /// How each receiver is set up, to change a part of it.
    var receiverConfigurations: [Int: RTPReceiverConfiguration] = [:]
    var senderConfigurations: [Int: RTPSenderConfiguration] = [:]
    /// Whether packets can be protected and sent.
    var isProtected = false
    /// Receivers of sound that somebody listens to.
    var playing: Set<Int> = []

    /// The tag of the section that a sender or a receiver belongs to.
    func mid(of number: Int) -> String? {
        self.senderConfigurations[number]?.mid ?? self.receiverConfigurations[number]?.mid
    }
}

extension ConnectionCore {
    // MARK: Setting up

    /// Makes the working half of a sender; from anywhere.
    func makeSender(number: Int, kind: MediaKind) -> SenderCore {
        SenderCore(number: number, kind: kind) { [weak self] frame, captured in
            self?.send(frame, of: number, captured: captured)
        }
    }

    /// Makes the working half of a receiver; from anywhere.
    func makeReceiver(number: Int, kind: MediaKind) -> ReceiverCore {
        ReceiverCore(number: number, kind: kind) { [weak self] command in self?.perform(command, of: number) }
    }

    /// Starts, changes or, with `nil`, ends a sender, on the loop.
    func setSender(_ sender: SenderCore, _ configuration: RTPSenderConfiguration?) {
        self.eventLoop.preconditionInEventLoop()
        let id = RTPSenderID(rawValue: sender.number)
        self.media.senders[sender.number] = configuration == nil ? nil : sender
        self.media.senderConfigurations[sender.number] = configuration
        if self.media.isProtected { sender.transportConnected() }
        self.withEngine { engine, now in
            engine.withMedia(at: now) { session in
                if let configuration {
                    session.setSender(id, configuration, at: now)
                } else {
                    session.removeSender(id, at: now)
                }
            }
        }
    }

    /// Starts, changes or, with `nil`, ends a receiver, on the loop.
    func setReceiver(_ receiver: ReceiverCore, _ configuration: RTPReceiverConfiguration?) {
        self.eventLoop.preconditionInEventLoop()
        self.media.receivers[receiver.number] = configuration == nil ? nil : receiver
        self.media.receiverConfigurations[receiver.number] = configuration
        self.applyReceiver(receiver.number)
    }

    private func applyReceiver(_ number: Int) {
        let id = RTPReceiverID(rawValue: number)
        var configuration = self.media.receiverConfigurations[number]
        configuration?.playsAudio = self.media.playing.contains(number)
        self.withEngine { engine, now in
            engine.withMedia(at: now) { session in
                if let configuration {
                    session.setReceiver(id, configuration, at: now)
                } else {
                    session.removeReceiver(id, at: now)
                }
            }
        }
    }

    /// The keys of the transport are there, on the loop.
    func handle(_ security: MediaSecurity) {
        guard case .protected = security else { return }
        self.media.isProtected = true
        for sender in self.media.senders.values { sender.transportConnected() }
    }

    // MARK: Commands, from anywhere

    /// Sends an encoded frame.
    private func send(_ frame: EncodedFrame, of number: Int, captured: Instant) {
        self.eventLoop.execute {
            guard !self.isClosed else { return }
            // Drained with whatever else comes in the same turn of the loop.
            self.driver.perform(drain: .nextTurn) { engine, now in
                engine.withMedia(at: now) { session in
                    session.send(frame, on: RTPSenderID(rawValue: number), captured: captured, at: now)
                }
            }
        }
    }

    /// Sends a telephone tone.
    func sendTone(_ tone: Character, duration: Duration, of sender: SenderCore) {
        guard let event = TelephoneEvent.event(forKey: tone) else { return }
        let id = RTPSenderID(rawValue: sender.number)
        self.eventLoop.execute {
            guard !self.isClosed else { return }
            self.withEngine { engine, now in
                engine.withMedia(at: now) { session in
                    _ = session.sendTelephoneEvent(event, duration: duration, on: id, at: now)
                }
            }
        }
    }

    /// Does what a receiver asks for.
    func perform(_ command: ReceiverCore.Command, of receiver: ReceiverCore) {
        self.perform(command, of: receiver.number)
    }

    private func perform(_ command: ReceiverCore.Command, of number: Int) {
        self.eventLoop.execute {
            guard !self.isClosed else { return }
            switch command {
            case .requestKeyFrame:
                self.withEngine { engine, now in
                    engine.withMedia(at: now) { $0.requestKeyFrame(of: RTPReceiverID(rawValue: number), at: now) }
                }
            case .setPlayback(let isOn):
                if isOn { self.media.playing.insert(number) } else { self.media.playing.remove(number) }
                if self.media.receivers[number] != nil { self.applyReceiver(number) }
            }
        }
    }

    /// Ends every sender and receiver, on the loop.
    func stopMedia() {
        for sender in self.media.senders.values { sender.stop() }
        for receiver in self.media.receivers.values { receiver.stop() }
        self.media = MediaTable()
    }

    // MARK: Events

    /// Carries what the session reports to senders and receivers, on the loop.
    func handle(_ event: RTPSessionEvent) {
        switch event {
        case .frame(let id, let frame, _): self.media.receivers[id.rawValue]?.received(frame)
        case .audio(let id, let playout): self.media.receivers[id.rawValue]?.play(playout)
        case .keyFrameRequested(let id): self.media.senders[id.rawValue]?.requestKeyFrame()
        case .bitrateLimit(let id, let bitrate): self.limitBitrate(of: id, bitrate)
        case .report(let id, let loss, _): self.media.senders[id.rawValue]?.receivedLoss(loss)
        case .muted(let id): self.media.receivers[id.rawValue]?.setMuted(true)
        case .unmuted(let id): self.media.receivers[id.rawValue]?.setMuted(false)
        case .bye(let id): self.media.receivers[id.rawValue]?.setMuted(true)
        case .telephoneEvent(let id, let event): self.media.receivers[id.rawValue]?.received(event)
        case .telephoneEventsSent, .sourceChanged: break
        }
    }

    /// The peer's limit is for all that one connection sends: every video sender gets an equal share of it.
    private func limitBitrate(of id: RTPSenderID?, _ bitrate: Int) {
        if let id {
            self.media.senders[id.rawValue]?.setRemoteBitrate(bitrate)
        } else {
            let videos = self.media.senders.values.filter { $0.kind == .video }
            for sender in videos { sender.setRemoteBitrate(bitrate / videos.count) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCMedia
import RTCRTP
import RTCSRTP
import RTCSimulation
import RTCWire

/// One side of a video call: what it sends, and what it sees and hears.
final class Caller {
    static let audio = RTPSenderID(rawValue: 1)
    static let video = RTPSenderID(rawValue: 2)
    static let audioIn = RTPReceiverID(rawValue: 11)
    static let videoIn = RTPReceiverID(rawValue: 12)

    let peer: SimulatedPeer
    let audioSSRC: SSRC
    var videoSSRC: SSRC
    var sounds = MediaSource()
    var pictures = MediaSource()
    var viewer = PictureViewer()
    var player = SoundPlayer()
    /// Whether the next picture has to be a key frame.
    var wantsKeyFrame = true
    private(set) var keyFrameRequests: [Instant] = []
    private(set) var bitrateLimits: [Int] = []
    private(set) var byes = 0
    private(set) var mutes = 0
    private(set) var unmutes = 0

    init(_ peer: SimulatedPeer, ssrc: UInt32) {
        self.peer = peer
        self.audioSSRC = SSRC(ssrc)
        self.videoSSRC = SSRC(ssrc + 1)
    }

    /// The source of retransmitted pictures.
    var rtxSSRC: SSRC { SSRC(self.videoSSRC.rawValue + 1) }

    func take(_ event: RTPSessionEvent, from other: Caller, at now: Instant) {
        switch event {
        case .frame(Self.videoIn, let frame, _): self.viewer.take(frame, at: now)
        case .audio(_, let playout): self.player.take(playout, sentAt: other.sounds.sentAt, at: now)
        case .keyFrameRequested:
            self.wantsKeyFrame = true
            self.keyFrameRequests.append(now)
        case .bitrateLimit(_, let bitrate): self.bitrateLimits.append(bitrate)
        case .bye: self.byes += 1
        case .muted: self.mutes += 1
        case .unmuted: self.unmutes += 1
        default: break
        }
    }

    /// What has been counted of the pictures and the sounds that are sent.
    var sent: (audio: RTPSenderStatistics, video: RTPSenderStatistics) {
        self.peer.engine.readMedia {
            (
                $0.senderStatistics(of: Self.audio) ?? RTPSenderStatistics(),
                $0.senderStatistics(of: Self.video) ?? RTPSenderStatistics()
            )
        }
    }

    /// What has been counted of the streams that come in.
    var received: (audio: [RTPReceiverStatistics], video: [RTPReceiverStatistics]) {
        self.peer.engine.readMedia {
            ($0.receiverStatistics(of: Self.audioIn), $0.receiverStatistics(of: Self.videoIn))
        }
    }

    var footprint: RTPSession.Footprint { self.peer.engine.readMedia { $0.footprint } }
}

/// A video call of two whole peers in virtual time: sound every 20 ms and 25 pictures a second, from both or from one.
final class VideoCall {
    static let tick: Duration = .milliseconds(20)
    static let extensions = HeaderExtensionMap([
        (1, .audioLevel), (2, .absoluteSendTime), (3, .transportSequence), (4, .mid), (5, .rid), (6, .repairedRid),
    ])
    static let audioCodec = RTPCodec(
        payloadType: PayloadType(truncating: 111), codec: MediaSource.opus, format: .single,
        feedback: [.transportWide])
    static let videoCodec = RTPCodec(
        payloadType: PayloadType(truncating: 96), codec: MediaSource.vp8, format: .vp8,
        rtxPayloadType: PayloadType(truncating: 97), feedback: [.nack, .pli, .fir, .remb, .transportWide])

    let pair: PeerPair
    let offerer: Caller
    let answerer: Caller
    /// Whether the answerer sends, too.
    let isMutual: Bool
    /// How many ticks lie between pictures, and between packets of sound.
    var pictureTicks = 2
    var soundTicks = 1
    /// How long a tick is, and whether a packet of sound lasts 40 ms.
    var pace = VideoCall.tick
    var soundIsLong = false
    var pictureSize = 2_000
    var soundSize = 60
    private var ticks = 0
    /// How often an engine has been driven.
    private(set) var steps = 0

    /// A connected call, of which nothing has been sent yet.
    init(
        seed: UInt64 = 1, conditions: NetworkConditions = .roundTrip50, isMutual: Bool = true,
        configuration: PeerConfiguration = .quick
    ) throws {
        self.pair = try PeerPair.quick(seed: seed, conditions: conditions, configuration: configuration)
        self.offerer = Caller(self.pair.offerer, ssrc: 0x1000)
        self.answerer = Caller(self.pair.answerer, ssrc: 0x2000)
        self.isMutual = isMutual
        self.pair.network.onStep = { [unowned self] in self.step() }
        self.addSenders(of: self.offerer)
        self.addReceivers(of: self.answerer, from: self.offerer)
        if isMutual {
            self.addSenders(of: self.answerer)
            self.addReceivers(of: self.offerer, from: self.answerer)
        }
    }

    /// A call whose peers have reached each other.
    static func connected(
        seed: UInt64 = 1, conditions: NetworkConditions = .roundTrip50, isMutual: Bool = true,
        configuration: PeerConfiguration = .quick
    ) throws -> VideoCall {
        let call = try VideoCall(
            seed: seed, conditions: conditions, isMutual: isMutual, configuration: configuration)
        guard call.pair.connect() else { throw NotConnected() }
        return call
    }

    var now: Instant { self.pair.network.now }

    private func step() {
        self.steps += 1
        for caller in [self.offerer, self.answerer] {
            caller.peer.takeEvents()
            let other = caller === self.offerer ? self.answerer : self.offerer
            for event in caller.peer.takeMediaEvents() { caller.take(event, from: other, at: self.now) }
        }
    }

    func addSenders(of caller: Caller) {
        caller.peer.engine.withMedia(at: self.now) { media in
            media.setSender(
                Caller.audio,
                RTPSenderConfiguration(
                    mid: "0", kind: .audio, ssrc: caller.audioSSRC, codecs: [Self.audioCodec],
                    extensions: Self.extensions), at: self.now)
            media.setSender(
                Caller.video,
                RTPSenderConfiguration(
                    mid: "1", kind: .video, ssrc: caller.videoSSRC, rtxSSRC: caller.rtxSSRC,
                    codecs: [Self.videoCodec], extensions: Self.extensions), at: self.now)
        }
    }

    func addReceivers(of caller: Caller, from other: Caller) {
        caller.peer.engine.withMedia(at: self.now) { media in
            media.setReceiver(
                Caller.audioIn,
                RTPReceiverConfiguration(
                    mid: "0", kind: .audio, codecs: [Self.audioCodec], extensions: Self.extensions,
                    ssrcs: [other.audioSSRC], playsAudio: true), at: self.now)
            media.setReceiver(
                Caller.videoIn,
                RTPReceiverConfiguration(
                    mid: "1", kind: .video, codecs: [Self.videoCodec], extensions: Self.extensions,
                    ssrcs: [other.videoSSRC], rtxPairs: [.init(rtx: other.rtxSSRC, media: other.videoSSRC)]),
                at: self.now)
        }
    }

    /// Sends the next sound and perhaps the next picture.
    func send(from caller: Caller) {
        let now = self.now
        caller.peer.engine.withMedia(at: now) { media in
            if self.ticks % self.soundTicks == 0 {
                let sound = caller.sounds.sound(size: self.soundSize, isLong: self.soundIsLong, at: now)
                media.send(sound, on: Caller.audio, captured: now, at: now)
            }
            guard self.ticks % self.pictureTicks == 0 else { return }
            let isKeyFrame = caller.wantsKeyFrame
            caller.wantsKeyFrame = false
            let picture = caller.pictures.picture(
                isKeyFrame: isKeyFrame, size: self.pictureSize * (isKeyFrame ? 3 : 1), at: now)
            media.send(picture, on: Caller.video, captured: now, at: now)
        }
    }

    /// Lets both talk for a time.
    func talk(for duration: Duration) { self.talk(for: duration) {} }

    /// Lets both talk for a time; `each` is called with every tick.
    func talk(for duration: Duration, each: () throws -> Void) rethrows {
        let end = self.now + duration
        while self.now < end {
            self.send(from: self.offerer)
            if self.isMutual { self.send(from: self.answerer) }
            try each()
            self.ticks += 1
            self.pair.network.run(for: self.pace)
        }
    }

    /// Runs without sending, until what is under way has come.
    func settle(_ duration: Duration = .milliseconds(500)) { self.pair.network.run(for: duration) }

    /// Those who see something.
    var viewers: [Caller] { self.isMutual ? [self.offerer, self.answerer] : [self.answerer] }
}

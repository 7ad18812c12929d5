// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCEngine
import RTCICE
import RTCMedia
import RTCRTP
import RTCSimulation
import RTCWire

/// Two peers that send each other numbered audio frames.
final class Call {
    /// What every frame holds, and no datagram may.
    static let mark = Array("this must never be seen".utf8)

    static let opus = RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2)
    static let offerersSSRC = SSRC(0x1111_1111)
    static let answerersSSRC = SSRC(0x2222_2222)

    let pair: PeerPair
    private var next = 0
    /// How many datagrams of media have been sent.
    private(set) var mediaDatagrams = 0
    /// Whether a datagram held what only the peer may read.
    private(set) var hasLeaked = false
    /// Called for each datagram before it leaves.
    var onTransmit: ((EmulatedNetwork.Datagram) -> Void)?

    init(
        seed: UInt64 = 1, conditions: NetworkConditions = .roundTrip50, configuration: PeerConfiguration = .quick,
        answererConfiguration: PeerConfiguration? = nil
    ) throws {
        self.pair = try PeerPair(
            conditions: conditions, seed: seed, certificates: certificates, configuration: configuration,
            answererConfiguration: answererConfiguration)
        for peer in [self.pair.offerer, self.pair.answerer] { self.configure(peer) }
        self.pair.network.onTransmit = { [unowned self] datagram in
            self.onTransmit?(datagram)
            guard let first = datagram.bytes.first, (128...191).contains(first) else { return }
            self.mediaDatagrams += 1
            // The first thousand stand for all.
            guard self.mediaDatagrams <= 1_000 else { return }
            if datagram.bytes.indices.contains(where: { datagram.bytes[$0...].starts(with: Self.mark) }) {
                self.hasLeaked = true
            }
        }
    }

    private func configure(_ peer: SimulatedPeer) {
        let isOfferer = peer === self.pair.offerer
        let codec = RTPCodec(payloadType: PayloadType(truncating: 111), codec: Self.opus, format: .single)
        let now = self.pair.network.now
        peer.engine.withMedia(at: now) { media in
            media.setSender(
                RTPSenderID(rawValue: 1),
                RTPSenderConfiguration(
                    mid: "0", kind: .audio, ssrc: isOfferer ? Self.offerersSSRC : Self.answerersSSRC, codecs: [codec]),
                at: now)
            media.setReceiver(
                RTPReceiverID(rawValue: 1),
                RTPReceiverConfiguration(
                    mid: "0", kind: .audio, codecs: [codec],
                    ssrcs: [isOfferer ? Self.answerersSSRC : Self.offerersSSRC]), at: now)
        }
    }

    /// Sends the next numbered frame from `peer`; returns its number.
    @discardableResult
    func send(from peer: SimulatedPeer, flushes: Bool = true) -> Int {
        let number = self.next
        self.next += 1
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * (3 - $0))) }
        let frame = EncodedFrame(codec: Self.opus, data: bytes + Self.mark, pts: Int64(number) * 960)
        let now = self.pair.network.now
        peer.engine.withMedia(at: now) { $0.send(frame, on: RTPSenderID(rawValue: 1), captured: now, at: now) }
        if flushes { self.pair.network.flush() }
        return number
    }

    /// Sends `count` frames from both, 20 ms apart.
    func talk(_ count: Int) {
        for _ in 0..<count {
            self.send(from: self.pair.offerer)
            self.send(from: self.pair.answerer)
            self.pair.network.run(for: .milliseconds(20))
        }
    }

    /// The numbers of the frames that have come to `peer`, in the order in which they came.
    func heard(by peer: SimulatedPeer) -> [Int] {
        peer.mediaEvents.compactMap { event in
            guard case .frame(_, let frame, _) = event, frame.data.dropFirst(4).elementsEqual(Self.mark) else {
                return nil
            }
            return frame.data.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }
    }
}

extension PeerConfiguration {
    /// `quick`, with these ways of protecting media only.
    static func quick(_ profiles: [SRTPProtectionProfile]) -> PeerConfiguration {
        var configuration = PeerConfiguration.quick
        configuration.dtls.srtpProfiles = profiles
        return configuration
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a connection has measured, at one moment (W3C WebRTC §8.4).
///
/// Its JSON is an object from identifiers to objects with the members of the W3C identifiers specification.
public struct RTCStatsReport: Sendable, Encodable {
    /// Every object, by its identifier.
    public let objects: [String: RTCStats]

    init(_ stats: [RTCStats]) {
        self.objects = Dictionary(stats.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The object with this identifier.
    public subscript(id: String) -> RTCStats? { self.objects[id] }

    /// The connection as a whole.
    public var peerConnection: RTCPeerConnectionStats? {
        for case .peerConnection(let stats) in self.objects.values { return stats }
        return nil
    }

    /// The transport of the connection.
    public var transport: RTCTransportStats? {
        for case .transport(let stats) in self.objects.values { return stats }
        return nil
    }

    /// Every pair of candidates that ICE has formed.
    public var candidatePairs: [RTCIceCandidatePairStats] {
        self.objects.values.compactMap { if case .candidatePair(let stats) = $0 { stats } else { nil } }
    }

    /// Every data channel that has not been closed.
    public var dataChannels: [RTCDataChannelStats] {
        self.objects.values.compactMap { if case .dataChannel(let stats) = $0 { stats } else { nil } }
    }

    /// Every stream that the peer sends.
    public var inboundRtp: [RTCInboundRtpStreamStats] {
        self.objects.values.compactMap { if case .inboundRtp(let stats) = $0 { stats } else { nil } }
    }

    /// Every stream that this end sends.
    public var outboundRtp: [RTCOutboundRtpStreamStats] {
        self.objects.values.compactMap { if case .outboundRtp(let stats) = $0 { stats } else { nil } }
    }

    /// What the peer reports of the streams that this end sends.
    public var remoteInboundRtp: [RTCRemoteInboundRtpStreamStats] {
        self.objects.values.compactMap { if case .remoteInboundRtp(let stats) = $0 { stats } else { nil } }
    }

    /// What the peer reports of the streams that it sends.
    public var remoteOutboundRtp: [RTCRemoteOutboundRtpStreamStats] {
        self.objects.values.compactMap { if case .remoteOutboundRtp(let stats) = $0 { stats } else { nil } }
    }

    /// Every codec in use.
    public var codecs: [RTCCodecStats] {
        self.objects.values.compactMap { if case .codec(let stats) = $0 { stats } else { nil } }
    }

    /// The tracks of senders.
    public var mediaSources: [RTCMediaSourceStats] {
        self.objects.values.compactMap { if case .mediaSource(let stats) = $0 { stats } else { nil } }
    }

    /// Writes the object from identifiers to statistics.
    public func encode(to encoder: any Encoder) throws { try self.objects.encode(to: encoder) }
}

/// One object of a report (W3C webrtc-stats §6).
public enum RTCStats: Sendable, Encodable {
    /// The connection as a whole.
    case peerConnection(RTCPeerConnectionStats)
    /// An ICE and DTLS transport.
    case transport(RTCTransportStats)
    /// A pair of candidates.
    case candidatePair(RTCIceCandidatePairStats)
    /// A candidate of this end.
    case localCandidate(RTCIceCandidateStats)
    /// A candidate of the peer.
    case remoteCandidate(RTCIceCandidateStats)
    /// A certificate.
    case certificate(RTCCertificateStats)
    /// A data channel.
    case dataChannel(RTCDataChannelStats)
    /// A codec in use.
    case codec(RTCCodecStats)
    /// A stream that the peer sends.
    case inboundRtp(RTCInboundRtpStreamStats)
    /// A stream that this end sends.
    case outboundRtp(RTCOutboundRtpStreamStats)
    /// What the peer reports of a stream that this end sends.
    case remoteInboundRtp(RTCRemoteInboundRtpStreamStats)
    /// What the peer reports of a stream that it sends.
    case remoteOutboundRtp(RTCRemoteOutboundRtpStreamStats)
    /// The track of a sender.
    case mediaSource(RTCMediaSourceStats)
    /// The playout of sound.
    case mediaPlayout(RTCAudioPlayoutStats)

    /// The identifier, stable for the object's life.
    public var id: String { self.content.id }

    /// Writes the members of the object.
    public func encode(to encoder: any Encoder) throws { try self.content.encode(to: encoder) }

    private var content: any RTCStatsObject {
        switch self {
        case .peerConnection(let stats): stats
        case .transport(let stats): stats
        case .candidatePair(let stats): stats
        case .localCandidate(let stats), .remoteCandidate(let stats): stats
        case .certificate(let stats): stats
        case .dataChannel(let stats): stats
        case .codec(let stats): stats
        case .inboundRtp(let stats): stats
        case .outboundRtp(let stats): stats
        case .remoteInboundRtp(let stats): stats
        case .remoteOutboundRtp(let stats): stats
        case .mediaSource(let stats): stats
        case .mediaPlayout(let stats): stats
        }
    }
}

/// What every object has.
protocol RTCStatsObject: Encodable, Sendable {
    var id: String { get }
    var timestamp: Double { get }
    var type: String { get }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// Works out what two sections agree on, whoever offered.
struct MediaAgreement {
    let local: MediaSection
    let remote: MediaSection
    let remoteSession: SessionDescription
    let isOfferer: Bool
    let capabilities: [CodecCapability]
    let limits: NegotiationLimits

    /// What was agreed on. Throws when the answer takes the section but none of its formats.
    func media(
        index: Int, transceiver: Transceiver, transportMid: String
    ) throws(NegotiationError) -> NegotiatedMedia {
        let codecs = self.codecs
        guard codecs.contains(where: { !CodecMatching.isAuxiliary($0.send.name) }) else {
            throw NegotiationError(
                .invalidAccess,
                "The answer takes media section \(index) but none of the formats that were offered: "
                    + "refuse it with port 0.")
        }
        let hasRTX = codecs.contains { $0.send.rtxPayloadType != nil }
        let sources = SectionSources(self.remote, limits: self.limits)
        let direction = self.direction
        let ours = SimulcastView(self.local, limits: self.limits)
        let theirs = SimulcastView(self.remote, limits: self.limits)
        return NegotiatedMedia(
            mid: transceiver.mid ?? "", index: index, kind: transceiver.kind, transceiver: transceiver.id,
            transportMid: transportMid, direction: direction, sendCodecs: codecs.map(\.send),
            receiveCodecs: codecs.map(\.receive), extensions: self.extensions,
            usesReducedSizeRTCP: self.local.has(.rtcpReducedSize) && self.remote.has(.rtcpReducedSize),
            localSSRC: transceiver.ssrc,
            localRTXSSRC: hasRTX ? transceiver.rtxSSRC : nil,
            remoteSSRCs: direction.isReceiving ? sources.ssrcs : [],
            remoteRTXPairs: direction.isReceiving && hasRTX ? sources.pairs : [],
            remoteStreams: direction.isReceiving ? sources.streams : [], remoteTrackID: sources.trackID,
            remoteCNAME: sources.cname, maxBitrate: self.remote.maxBitrate, packetTime: self.remote.packetTime,
            maxPacketTime: self.remote.maxPacketTime,
            sendRIDs: direction.isSending ? ours.send.filter { theirs.receive.contains($0) } : [],
            receiveRIDs: direction.isReceiving ? ours.receive.filter { theirs.send.contains($0) } : [])
    }

    private var direction: MediaDirection {
        let theirs = (self.remote.direction ?? self.remoteSession.direction ?? .sendrecv).reversed
        return (self.local.direction ?? .sendrecv).intersection(theirs)
    }

    /// The formats of the answer that the offer has, each with the numbers of both ways.
    private var codecs: [(send: NegotiatedCodec, receive: NegotiatedCodec)] {
        let ours = SectionCodec.all(of: self.local)
        let theirs = SectionCodec.all(of: self.remote)
        let offered = self.isOfferer ? ours : theirs
        var used: Set<UInt8> = []
        var codecs: [(send: NegotiatedCodec, receive: NegotiatedCodec)] = []
        for answered in self.isOfferer ? theirs : ours {
            let sameNumber = offered.first {
                $0.payloadType == answered.payloadType && $0.name.lowercased() == answered.name.lowercased()
                    && $0.clockRate == answered.clockRate && $0.channels == answered.channels
            }
            let match = sameNumber ?? offered.first { CodecMatching.matches($0, answered) }
            guard let match, used.insert(match.payloadType).inserted else { continue }
            let mine = self.isOfferer ? match : answered
            let other = self.isOfferer ? answered : match
            let capability = self.capabilities.first { CodecMatching.matches($0, mine) }
            let name = capability?.name ?? mine.name
            let feedback = answered.feedback.filter { match.feedback.contains($0) }
            let hasRTX = mine.rtxPayloadType != nil && other.rtxPayloadType != nil
            func codec(_ codec: SectionCodec) -> NegotiatedCodec {
                NegotiatedCodec(
                    payloadType: codec.payloadType, name: name, clockRate: codec.clockRate, channels: codec.channels,
                    fmtp: codec.fmtp, feedback: feedback, rtxPayloadType: hasRTX ? codec.rtxPayloadType : nil)
            }
            codecs.append((send: codec(other), receive: codec(mine)))
        }
        return codecs
    }

    /// The extensions of the answer that the offer has under the same identifier (RFC 8285 §6).
    private var extensions: [NegotiatedExtension] {
        var extensions: [NegotiatedExtension] = []
        for map in self.local.extensionMaps {
            guard let id = UInt8(exactly: map.id), id != 15,
                let other = self.remote.extensionMaps.first(where: { $0.uri == map.uri }), other.id == map.id
            else { continue }
            let direction = (map.direction ?? .sendrecv).intersection((other.direction ?? .sendrecv).reversed)
            guard direction != .inactive, !extensions.contains(where: { $0.id == id || $0.uri == map.uri }) else {
                continue
            }
            extensions.append(NegotiatedExtension(id: id, uri: map.uri, direction: direction))
        }
        return extensions
    }
}

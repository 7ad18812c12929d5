// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// One packet of an RTCP compound.
package enum RTCPPacket: Hashable, Sendable {
    case senderReport(SenderReport)
    case receiverReport(ReceiverReport)
    case sourceDescription(SourceDescription)
    case goodbye(Goodbye)
    case application(ApplicationPacket)
    case extendedReport(ExtendedReport)
    case negativeAcknowledgement(NegativeAcknowledgement)
    case pictureLoss(PictureLossIndication)
    case fullIntraRequest(FullIntraRequest)
    case maximumBitrate(ReceiverMaximumBitrate)
    case temporaryMaximumBitrate(TemporaryMaximumBitrate)
    case transportFeedback(TransportFeedback)

    /// Writes the packet after what `writer` holds.
    package func write(into writer: inout ByteWriter) {
        switch self {
        case .senderReport(let packet): packet.write(into: &writer)
        case .receiverReport(let packet): packet.write(into: &writer)
        case .sourceDescription(let packet): packet.write(into: &writer)
        case .goodbye(let packet): packet.write(into: &writer)
        case .application(let packet): packet.write(into: &writer)
        case .extendedReport(let packet): packet.write(into: &writer)
        case .negativeAcknowledgement(let packet): packet.write(into: &writer)
        case .pictureLoss(let packet): packet.write(into: &writer)
        case .fullIntraRequest(let packet): packet.write(into: &writer)
        case .maximumBitrate(let packet): packet.write(into: &writer)
        case .temporaryMaximumBitrate(let packet): packet.write(into: &writer)
        case .transportFeedback(let packet): packet.write(into: &writer)
        }
    }
}

/// The packets of an RTCP compound, or of a reduced-size one (RFC 3550 §6.1, RFC 5506).
///
/// What stands before the first malformed header is processed, whatever follows (RFC 3550 A.2 is stricter, and loses
/// reports of peers that are not). A packet of an unknown type, and one whose contents do not fit it, is stepped over.
package struct RTCPCompound: ~Escapable {
    private let bytes: RawSpan
    private var offset = 0
    /// The packets stepped over because their type or format is not known.
    package private(set) var unknownCount = 0
    /// The packets stepped over because their contents do not fit them.
    package private(set) var malformedCount = 0

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Whether everything up to the end of the bytes was well-formed packets, once ``next()`` has returned `nil`.
    package var isComplete: Bool { self.offset == self.bytes.byteCount && self.malformedCount == 0 }

    /// The next packet that is known.
    package mutating func next() -> RTCPPacket? {
        while let header = RTCPHeader(self.bytes, at: self.offset), let body = self.bytes.slice(header.body) {
            self.offset = header.end
            switch Self.parse(header, body) {
            case .packet(let packet): return packet
            case .unknown: self.unknownCount &+= 1
            case .malformed: self.malformedCount &+= 1
            }
        }
        return nil
    }

    private enum Parsed {
        case packet(RTCPPacket)
        case unknown
        case malformed

        init<T>(_ value: T?, _ make: (T) -> RTCPPacket) {
            self = value.map { .packet(make($0)) } ?? .malformed
        }
    }

    private static func parse(_ header: RTCPHeader, _ body: RawSpan) -> Parsed {
        let count = Int(header.count)
        return switch header.type {
        case .senderReport: Parsed(SenderReport(body, count: count), RTCPPacket.senderReport)
        case .receiverReport: Parsed(ReceiverReport(body, count: count), RTCPPacket.receiverReport)
        case .sourceDescription: Parsed(SourceDescription(body, count: count), RTCPPacket.sourceDescription)
        case .goodbye: Parsed(Goodbye(body, count: count), RTCPPacket.goodbye)
        case .application: Parsed(ApplicationPacket(body, subtype: header.count), RTCPPacket.application)
        case .extendedReport: Parsed(ExtendedReport(body), RTCPPacket.extendedReport)
        case .transportFeedback:
            switch header.count {
            case NegativeAcknowledgement.format:
                Parsed(NegativeAcknowledgement(body), RTCPPacket.negativeAcknowledgement)
            case TemporaryMaximumBitrate.Format.request.rawValue:
                Parsed(TemporaryMaximumBitrate(body, .request), RTCPPacket.temporaryMaximumBitrate)
            case TemporaryMaximumBitrate.Format.notification.rawValue:
                Parsed(TemporaryMaximumBitrate(body, .notification), RTCPPacket.temporaryMaximumBitrate)
            case TransportFeedback.format: Parsed(TransportFeedback(body), RTCPPacket.transportFeedback)
            default: .unknown
            }
        case .payloadFeedback:
            switch header.count {
            case PictureLossIndication.format: Parsed(PictureLossIndication(body), RTCPPacket.pictureLoss)
            case FullIntraRequest.format: Parsed(FullIntraRequest(body), RTCPPacket.fullIntraRequest)
            case ReceiverMaximumBitrate.format:
                // Application layer feedback has many forms; only REMB is known (RFC 4585 §6.4).
                ReceiverMaximumBitrate.isOne(body)
                    ? Parsed(ReceiverMaximumBitrate(body), RTCPPacket.maximumBitrate) : .unknown
            default: .unknown
            }
        default: .unknown
        }
    }
}

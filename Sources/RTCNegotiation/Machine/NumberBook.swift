// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// Which payload types and header extension identifiers mean what in a session.
///
/// A number keeps its meaning for the life of the session and in all sections of the bundle (RFC 3264 §8.3.2, RFC 9143
/// §9.1, RFC 8285 §6), so offers take numbers from here, and every agreement is written down.
struct NumberBook: Hashable, Sendable {
    private enum Meaning: Hashable {
        case codec(CodecCapability)
        case retransmission(of: UInt8)
    }

    private var payloadTypes: [UInt8: Meaning] = [:]
    /// Numbers that only the peer has named, the last to be given to others too.
    private var foreign: Set<UInt8> = []
    private var extensions: [UInt8: String] = [:]
    /// Numbers that some codec would rather have, the last to be given to others.
    private let preferred: Set<UInt8>

    init(for capabilities: MediaCapabilities = MediaCapabilities()) {
        let codecs = capabilities.audio.codecs + capabilities.video.codecs
        self.preferred = Set(codecs.compactMap(\.preferredPayloadType))
    }

    /// Numbers for new formats: the dynamic ones, then unassigned ones that RTCP does not use (RFC 5761 §4).
    private static let freeTypes = Array(UInt8(96)...127) + Array(UInt8(35)...63)

    // MARK: Writing down

    /// Whether a peer that changes its numbers has used up so many that old meanings must be forgotten.
    var isCrowded: Bool { self.payloadTypes.count > 48 }

    /// Notes the numbers of a description that both sides know; `isOurs` ones replace what was there.
    mutating func note(_ description: SessionDescription, isOurs: Bool) {
        for section in description.media where section.line.isRTP && !section.isRejected {
            if isOurs {
                for codec in SectionCodec.all(of: section) { self.note(codec) }
            } else {
                self.foreign.formUnion(section.line.formats.lazy.compactMap { UInt8($0) })
            }
            for map in section.extensionMaps {
                guard let id = UInt8(exactly: map.id), isOurs || self.extensions[id] == nil else { continue }
                self.extensions[id] = map.uri
            }
        }
    }

    private mutating func note(_ codec: SectionCodec) {
        self.payloadTypes[codec.payloadType] = .codec(
            CodecCapability(name: codec.name, clockRate: codec.clockRate, channels: codec.channels, fmtp: codec.fmtp))
        if let rtx = codec.rtxPayloadType { self.payloadTypes[rtx] = .retransmission(of: codec.payloadType) }
    }

    // MARK: Taking

    /// The number for a codec; `nil` when all are taken.
    mutating func payloadType(for codec: CodecCapability) -> UInt8? {
        let known = self.payloadTypes.filter { entry in
            if case .codec(let other) = entry.value { CodecMatching.isSame(other, codec) } else { false }
        }
        if let type = known.keys.min() { return type }
        let fixed = RTPMapAttribute.staticPayloadType(
            encoding: codec.name, clockRate: codec.clockRate, channels: codec.channels)
        let wanted = [codec.preferredPayloadType, fixed].compactMap { $0 }.first { self.isFree($0, fixed: fixed) }
        guard let type = wanted ?? self.freeType() else { return nil }
        self.payloadTypes[type] = .codec(codec)
        return type
    }

    /// The number for retransmissions of `original`; `nil` when all are taken.
    mutating func retransmissionType(of original: UInt8) -> UInt8? {
        let known = self.payloadTypes.filter { $0.value == .retransmission(of: original) }
        if let type = known.keys.min() { return type }
        let next = original &+ 1
        let isNextFree = next > 96 && self.isFree(next, fixed: nil) && !self.preferred.contains(next)
        guard let type = isNextFree ? next : self.freeType() else { return nil }
        self.payloadTypes[type] = .retransmission(of: original)
        return type
    }

    private func freeType() -> UInt8? {
        let free = Self.freeTypes.filter { self.payloadTypes[$0] == nil }
        return free.first { !self.preferred.contains($0) && !self.foreign.contains($0) }
            ?? free.first { !self.foreign.contains($0) } ?? free.first
    }

    private func isFree(_ type: UInt8, fixed: UInt8?) -> Bool {
        let isUsable = type == fixed || Self.freeTypes.contains(type) && !self.foreign.contains(type)
        return isUsable && self.payloadTypes[type] == nil
    }

    /// The identifier for a header extension; `nil` when all are taken.
    mutating func extensionID(for capability: HeaderExtensionCapability) -> UInt8? {
        let known = self.extensions.filter { $0.value == capability.uri }
        if let id = known.keys.min() { return id }
        let order = (capability.preferredID.map { [$0] } ?? []) + Array(UInt8(1)...14) + Array(UInt8(16)...255)
        guard let id = order.first(where: { $0 != 0 && $0 != 15 && self.extensions[$0] == nil }) else { return nil }
        self.extensions[id] = capability.uri
        return id
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// Which receiver a packet belongs to (RFC 9143 §9.2, RFC 8852 §4).
///
/// By the MID that it carries; else by its source, when that has been seen or the description names it; else by its RID;
/// else by its payload type, when only one receiver has that. What has been found out is remembered by the source: MIDs
/// and RIDs may be left out once the peer knows that they have come.
struct RTPRouter: Sendable {
    /// How a receiver is found.
    private struct Entry: Sendable {
        var id: RTPReceiverID
        var mid: StreamName?
        var rids: [StreamName]
        var ssrcs: Set<SSRC>
        var payloadTypes: PayloadTypeSet
    }

    private struct Latch: Sendable {
        var id: RTPReceiverID
        var lastUsed: Instant
    }

    private let maxLatches: Int
    private var entries: [Entry] = []
    private var latches: [SSRC: Latch] = [:]
    /// Sources that were not remembered because there were too many.
    private(set) var refused = 0

    /// A source without packets for so long makes room for another.
    private static let latchAge: Duration = .seconds(10)

    init(maxLatches: Int) { self.maxLatches = maxLatches }

    /// Sources that are remembered.
    var latchCount: Int { self.latches.count }

    /// Routes to `id` by this configuration from now on.
    mutating func set(_ id: RTPReceiverID, _ configuration: RTPReceiverConfiguration) {
        var payloadTypes = PayloadTypeSet()
        for codec in configuration.codecs {
            payloadTypes.insert(codec.payloadType)
            if let rtx = codec.rtxPayloadType { payloadTypes.insert(rtx) }
        }
        let entry = Entry(
            id: id, mid: configuration.mid.flatMap { StreamName($0) },
            rids: configuration.rids.compactMap { StreamName($0) },
            ssrcs: Set(configuration.ssrcs + configuration.rtxPairs.flatMap { [$0.rtx, $0.media] }),
            payloadTypes: payloadTypes)
        guard let index = self.entries.firstIndex(where: { $0.id == id }) else { return self.entries.append(entry) }
        self.entries[index] = entry
        // The description may give a source that was guessed by its payload type to another receiver.
        for other in self.entries where other.id != id { self.forget(other.ssrcs, of: id) }
    }

    private mutating func forget(_ ssrcs: Set<SSRC>, of id: RTPReceiverID) {
        for ssrc in ssrcs where self.latches[ssrc]?.id == id { self.latches[ssrc] = nil }
    }

    /// Routes nothing to `id` any more.
    mutating func remove(_ id: RTPReceiverID) {
        self.entries.removeAll { $0.id == id }
        self.latches = self.latches.filter { $0.value.id != id }
    }

    /// Forgets what is known of a source, as after its BYE.
    mutating func forget(_ ssrc: SSRC) { self.latches[ssrc] = nil }

    /// The receiver of a packet; `nil` when it has none.
    mutating func route(
        ssrc: SSRC, payloadType: PayloadType, values: HeaderExtensionValues, at now: Instant
    ) -> RTPReceiverID? {
        if let mid = values.mid {
            // A MID says for sure where the packet belongs: to nobody else, if it is not known (RFC 9143 §9.2).
            guard let entry = self.entries.first(where: { $0.mid == mid }) else { return nil }
            return self.latch(ssrc, to: entry, payloadType, at: now)
        }
        if let latch = self.latches[ssrc] {
            self.latches[ssrc]?.lastUsed = now
            return latch.id
        }
        if let rid = values.rid ?? values.repairedRid, let entry = self.only({ $0.rids.contains(rid) }) {
            return self.latch(ssrc, to: entry, payloadType, at: now)
        }
        if let entry = self.entries.first(where: { $0.ssrcs.contains(ssrc) }) {
            return self.latch(ssrc, to: entry, payloadType, at: now)
        }
        guard let entry = self.only({ $0.payloadTypes.contains(payloadType) }) else { return nil }
        return self.latch(ssrc, to: entry, payloadType, at: now)
    }

    /// The receiver of a source, as far as it is known.
    func receiver(of ssrc: SSRC) -> RTPReceiverID? {
        self.latches[ssrc]?.id ?? self.entries.first { $0.ssrcs.contains(ssrc) }?.id
    }

    private func only(_ matches: (Entry) -> Bool) -> Entry? {
        var found: Entry?
        for entry in self.entries where matches(entry) {
            if found != nil { return nil }
            found = entry
        }
        return found
    }

    private mutating func latch(
        _ ssrc: SSRC, to entry: Entry, _ payloadType: PayloadType, at now: Instant
    ) -> RTPReceiverID? {
        // Whatever the receiver cannot take must not take up room either.
        guard entry.payloadTypes.contains(payloadType) else { return entry.id }
        if self.latches[ssrc] == nil, self.latches.count >= self.maxLatches {
            guard let oldest = self.latches.min(by: { $0.value.lastUsed < $1.value.lastUsed }),
                now - oldest.value.lastUsed >= Self.latchAge
            else {
                self.refused += 1
                return nil
            }
            self.latches[oldest.key] = nil
        }
        self.latches[ssrc] = Latch(id: entry.id, lastUsed: now)
        return entry.id
    }
}

/// A set of payload types.
private struct PayloadTypeSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    mutating func insert(_ type: PayloadType) {
        let bit: UInt64 = 1 << UInt64(type.rawValue & 63)
        if type.rawValue < 64 { self.low |= bit } else { self.high |= bit }
    }

    func contains(_ type: PayloadType) -> Bool {
        (type.rawValue < 64 ? self.low : self.high) & (1 << UInt64(type.rawValue & 63)) != 0
    }
}

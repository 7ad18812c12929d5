// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCDataChannel

extension DataChannelParameters {
    /// The engine's parameters for what the application asked for, by the rules of W3C WebRTC §6.1 (createDataChannel).
    init(label: String, options: RTCDataChannelInit) throws(RTCError) {
        guard options.maxPacketLifeTime == nil || options.maxRetransmits == nil else {
            throw RTCError(.type, "a channel cannot have both maxPacketLifeTime and maxRetransmits; choose one")
        }
        guard !options.negotiated || options.id != nil else {
            throw RTCError(.type, "a negotiated channel needs an id, the same at both ends; use 0 to 65534")
        }
        guard options.id != 65_535 else {
            throw RTCError(.type, "65535 is no channel id; use 0 to 65534")
        }
        for (name, text) in [("label", label), ("protocol", options.protocol)] where text.utf8.count > 65_535 {
            throw RTCError(.type, "the \(name) has \(text.utf8.count) bytes of UTF-8; at most 65535 are possible")
        }
        let reliability: DataChannelReliability =
            if let count = options.maxRetransmits {
                .maxRetransmits(UInt32(count))
            } else if let lifetime = options.maxPacketLifeTime {
                .maxLifetime(milliseconds: UInt32(lifetime))
            } else {
                .reliable
            }
        self.init(
            label: label, protocol: options.protocol, isOrdered: options.ordered, reliability: reliability,
            negotiatedStream: options.negotiated ? options.id : nil)
    }

    /// The lifetime of a message in milliseconds, as the W3C specification has it.
    var maxPacketLifeTime: UInt16? {
        guard case .maxLifetime(let milliseconds) = self.reliability else { return nil }
        return UInt16(clamping: milliseconds)
    }

    /// The number of retransmissions, as the W3C specification has it.
    var maxRetransmits: UInt16? {
        guard case .maxRetransmits(let count) = self.reliability else { return nil }
        return UInt16(clamping: count)
    }
}

extension RTCDataChannelMessage {
    init(_ message: DataChannelMessage) {
        switch message {
        case .text(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        case .binary(let bytes): self = .binary(.init(bytes: bytes))
        }
    }
}

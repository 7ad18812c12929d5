// SPDX-License-Identifier: Apache-2.0

extension AttributeContainer {
    /// All meanings of payload types.
    package var rtpMaps: [RTPMapAttribute] { self.all { if case .rtpMap(let map) = $0 { map } else { nil } } }
    /// All format parameters.
    package var formatParameters: [FormatParametersAttribute] {
        self.all { if case .formatParameters(let parameters) = $0 { parameters } else { nil } }
    }
    /// All kinds of feedback.
    package var feedback: [FeedbackAttribute] {
        self.all { if case .feedback(let feedback) = $0 { feedback } else { nil } }
    }
    /// All header extensions.
    package var extensionMaps: [ExtensionMapAttribute] {
        self.all { if case .extensionMap(let map) = $0 { map } else { nil } }
    }
    /// All streams that a section belongs to.
    package var mediaStreamIDs: [MediaStreamIDAttribute] {
        self.all { if case .mediaStreamID(let id) = $0 { id } else { nil } }
    }
    /// All properties of sources.
    package var sources: [SourceAttribute] { self.all { if case .source(let source) = $0 { source } else { nil } } }
    /// All groups of sources.
    package var sourceGroups: [SourceGroupAttribute] {
        self.all { if case .sourceGroup(let group) = $0 { group } else { nil } }
    }
    /// All restricted streams.
    package var restrictions: [RestrictionAttribute] {
        self.all { if case .restriction(let restriction) = $0 { restriction } else { nil } }
    }
    /// The simulcast streams.
    package var simulcast: SimulcastAttribute? {
        self.first { if case .simulcast(let simulcast) = $0 { simulcast } else { nil } }
    }
    /// Milliseconds of media in a packet.
    package var packetTime: UInt16? { self.first { if case .packetTime(let time) = $0 { time } else { nil } } }
    /// The most milliseconds of media in a packet.
    package var maxPacketTime: UInt16? { self.first { if case .maxPacketTime(let time) = $0 { time } else { nil } } }
}

extension MediaDirection {
    /// Whether the writer sends.
    package var isSending: Bool { self == .sendrecv || self == .sendonly }
    /// Whether the writer receives.
    package var isReceiving: Bool { self == .sendrecv || self == .recvonly }

    /// The direction of these halves.
    package init(isSending: Bool, isReceiving: Bool) {
        self =
            switch (isSending, isReceiving) {
            case (true, true): .sendrecv
            case (true, false): .sendonly
            case (false, true): .recvonly
            case (false, false): .inactive
            }
    }

    /// The same, seen from the other side.
    package var reversed: MediaDirection {
        MediaDirection(isSending: self.isReceiving, isReceiving: self.isSending)
    }

    /// What is in both.
    package func intersection(_ other: MediaDirection) -> MediaDirection {
        MediaDirection(
            isSending: self.isSending && other.isSending, isReceiving: self.isReceiving && other.isReceiving)
    }
}

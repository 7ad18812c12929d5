// SPDX-License-Identifier: Apache-2.0

/// One `a=` line: typed when this module knows its name, else kept as it came.
///
/// To add an attribute: a type with `init(reading:)` and `write(to:)` in the file of its family, a case here, and its
/// name in `Attribute+Text.swift`. Attributes are kept in their order, so printing gives back what was parsed.
package enum Attribute: Hashable, Sendable {
    // Grouping
    case group(GroupAttribute)
    case mid(String)
    case mediaStreamSemantic(MediaStreamSemanticAttribute)
    case mediaStreamID(MediaStreamIDAttribute)
    case bundleOnly
    // ICE
    case iceUsernameFragment(String)
    case icePassword(String)
    case iceOptions([String])
    case iceLite
    case candidate(CandidateAttribute)
    case endOfCandidates
    // DTLS
    case fingerprint(FingerprintAttribute)
    case setup(SetupRole)
    case tlsID(String)
    // SCTP
    case sctpPort(UInt16)
    case maxMessageSize(UInt64)
    case sctpMap(SCTPMapAttribute)
    // RTP
    case direction(MediaDirection)
    case rtpMap(RTPMapAttribute)
    case formatParameters(FormatParametersAttribute)
    case feedback(FeedbackAttribute)
    case extensionMap(ExtensionMapAttribute)
    case extensionMapAllowMixed
    case rtcp(RTCPAttribute)
    case rtcpMux
    case rtcpMuxOnly
    case rtcpReducedSize
    case source(SourceAttribute)
    case sourceGroup(SourceGroupAttribute)
    case restriction(RestrictionAttribute)
    case simulcast(SimulcastAttribute)
    /// Milliseconds of media in a packet.
    case packetTime(UInt16)
    /// The largest number of milliseconds in a packet.
    case maxPacketTime(UInt16)
    /// An attribute without a type of its own; the value is `nil` when there was no colon.
    case other(name: String, value: String?)
}

// SPDX-License-Identifier: Apache-2.0

/// How a data channel shall be (W3C WebRTC §6.2, RTCDataChannelInit).
public struct RTCDataChannelInit: Hashable, Sendable, Codable {
    /// Whether messages arrive in the order in which they were sent.
    public var ordered: Bool
    /// For how many milliseconds a message is sent again; `nil` for ever.
    ///
    /// The peer is told and may give up; this end still sends everything until it has arrived.
    public var maxPacketLifeTime: UInt16?
    /// How many times a message is sent again; `nil` for ever. Holds for the peer only, as `maxPacketLifeTime` does.
    public var maxRetransmits: UInt16?
    /// The name of the protocol that the application speaks on the channel; at most 65,535 bytes of UTF-8.
    public var `protocol`: String
    /// Whether both applications create the channel with the same `id`, instead of one announcing it to the other.
    public var negotiated: Bool
    /// The channel's identifier, 0 to 65,534; without meaning unless `negotiated`.
    public var id: UInt16?

    /// A channel's properties; by default it is ordered, reliable and announced to the peer.
    public init(
        ordered: Bool = true, maxPacketLifeTime: UInt16? = nil, maxRetransmits: UInt16? = nil, protocol: String = "",
        negotiated: Bool = false, id: UInt16? = nil
    ) {
        self.ordered = ordered
        self.maxPacketLifeTime = maxPacketLifeTime
        self.maxRetransmits = maxRetransmits
        self.protocol = `protocol`
        self.negotiated = negotiated
        self.id = id
    }
}

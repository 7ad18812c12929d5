// SPDX-License-Identifier: Apache-2.0

/// How a sender encodes (W3C WebRTC §5.2.5).
public struct RTCRtpEncodingParameters: Hashable, Sendable {
    /// The identifier of the encoding among several (RFC 8851); empty when there is only one.
    public var rid: String
    /// Whether anything is sent.
    public var active: Bool
    /// In bits a second, above 0; `nil` for as much as suits the picture and the network.
    public var maxBitrate: Int?
    /// In frames a second, above 0; `nil` for all that the track delivers. Video only.
    public var maxFramerate: Double?
    /// The picture's width and height are divided by this, at least 1. Video only.
    public var scaleResolutionDownBy: Double
    /// How important the encoding is beside others.
    public var priority: RTCPriorityType

    /// An encoding; by default everything is sent as the track delivers it.
    public init(
        rid: String = "", active: Bool = true, maxBitrate: Int? = nil, maxFramerate: Double? = nil,
        scaleResolutionDownBy: Double = 1, priority: RTCPriorityType = .low
    ) {
        self.rid = rid
        self.active = active
        self.maxBitrate = maxBitrate
        self.maxFramerate = maxFramerate
        self.scaleResolutionDownBy = scaleResolutionDownBy
        self.priority = priority
    }

    /// Throws `RTCError` with code `.range` when a value lies outside its range.
    func check() throws(RTCError) {
        guard self.scaleResolutionDownBy >= 1 else {
            throw RTCError(.range, "scaleResolutionDownBy is \(self.scaleResolutionDownBy); use 1 or more")
        }
        guard self.maxFramerate.map({ $0 > 0 }) != false else {
            throw RTCError(.range, "maxFramerate is \(self.maxFramerate ?? 0); use more than 0, or active = false")
        }
        guard self.maxBitrate.map({ $0 > 0 }) != false else {
            throw RTCError(.range, "maxBitrate is \(self.maxBitrate ?? 0); use more than 0, or active = false")
        }
    }
}

/// How important something is beside others (W3C webrtc-priority §3).
public enum RTCPriorityType: String, Hashable, Sendable, Codable, CaseIterable {
    case veryLow = "very-low"
    case low, medium, high
}

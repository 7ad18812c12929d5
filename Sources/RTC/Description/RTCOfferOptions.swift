// SPDX-License-Identifier: Apache-2.0

/// What an offer shall do beside describing the connection (W3C WebRTC §4.2.7).
public struct RTCOfferOptions: Hashable, Sendable {
    /// Whether the offer restarts ICE, as after a network change.
    public var iceRestart: Bool

    /// Options; by default ICE is not restarted.
    public init(iceRestart: Bool = false) { self.iceRestart = iceRestart }
}

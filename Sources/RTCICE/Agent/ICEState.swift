// SPDX-License-Identifier: Apache-2.0

/// Where an agent stands (W3C `RTCIceTransportState`).
package enum ICEState: Hashable, Sendable {
    /// No check can be sent yet.
    case new
    /// Looking for a pair that works.
    case checking
    /// A pair works; better ones may come.
    case connected
    /// A pair is selected, and neither side has further candidates.
    case completed
    /// Nothing arrives on the pair; this may pass.
    case disconnected
    /// No pair was found or consent is gone; only a restart helps.
    case failed
    case closed
}

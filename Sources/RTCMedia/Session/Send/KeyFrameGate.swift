// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Which requests for key frames are obeyed: those that are new, and not too many (RFC 5104 §4.3.1.2).
struct KeyFrameGate: Sendable {
    private var lastGranted: Instant?
    private var lastSequence: UInt8?

    /// Whether a picture loss indication is obeyed now. One that is not was sent before the key frame came that the last
    /// one asked for; a peer that still needs one asks again.
    mutating func pictureLoss(at now: Instant, interval: Duration) -> Bool {
        if let lastGranted, now - lastGranted < interval { return false }
        self.lastGranted = now
        return true
    }

    /// Whether a full intra request with this number is obeyed now; a repeated one is not.
    mutating func fullIntra(sequence: UInt8, at now: Instant, interval: Duration) -> Bool {
        guard sequence != self.lastSequence, self.pictureLoss(at: now, interval: interval) else { return false }
        self.lastSequence = sequence
        return true
    }
}

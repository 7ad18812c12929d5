// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// How many bits a second an encoder may make, from what the application, the picture and the peer say.
///
/// An estimator of the path will take the place of the two simple rules here: the peer's own limit (REMB) is obeyed, and
/// lasting loss lowers the rate as GCC's loss-based half does: above 10 % by half the loss, below 2 % up by 8 % a second.
struct SendBitrate: Equatable {
    /// What the application allows.
    var maximum: Int?
    /// What the peer allows (REMB).
    var remote: Int?
    /// What loss allows.
    private var byLoss: Double?
    /// What the picture is worth.
    private var byContent: Int

    /// Below this no rate falls: a picture that is worth nothing helps nobody.
    static let minimum = 50_000

    init(kind: MediaKind) { self.byContent = kind == .audio ? 64_000 : 800_000 }

    /// The size and frequency of the pictures that are sent.
    mutating func setPicture(width: Int, height: Int, framerate: Double) {
        // About 0.1 bit a pixel at 30 frames a second, less for larger pictures: 640x480 1.0, 1280x720 2.0 Mbit/s.
        let pixels = Double(width * height)
        let full = 1_000_000 * (pixels / 307_200).squareRoot().squareRoot() * (pixels / 307_200).squareRoot()
        self.byContent = Int(max(150_000, min(8_000_000, full * max(0.25, min(framerate, 60) / 30))))
    }

    /// A receiver report: `fraction` of the packets were lost during `interval` seconds.
    mutating func receivedLoss(_ fraction: Double, interval: Double) {
        let present = Double(self.value)
        if fraction > 0.1 {
            self.byLoss = max(Double(Self.minimum), present * (1 - 0.5 * fraction))
        } else if fraction < 0.02, let byLoss {
            let raised = byLoss * (1 + 0.08 * min(interval, 5))
            self.byLoss = raised > Double(self.byContent) * 1.5 ? nil : raised
        }
    }

    /// In bits a second.
    var value: Int {
        var rate = self.byContent
        if let maximum { rate = min(rate, maximum) }
        if let remote { rate = min(rate, remote) }
        if let byLoss { rate = min(rate, Int(byLoss)) }
        return max(rate, min(Self.minimum, self.maximum ?? Self.minimum))
    }
}

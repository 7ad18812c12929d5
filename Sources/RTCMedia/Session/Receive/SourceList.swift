// SPDX-License-Identifier: Apache-2.0

package import RTCRTP
package import RTCWire

/// A source that was heard in the last ten seconds (W3C webrtc-pc §5.3, `RTCRtpContributingSource`).
package struct RTPSource: Hashable, Sendable {
    package var ssrc: SSRC
    /// When its last packet came.
    package var time: Instant
    /// Of its last packet.
    package var rtpTimestamp: UInt32
    /// In -dBov, 0 (loudest) to 127 (silence), where the packet says it.
    package var audioLevel: UInt8?
}

/// Sources that were heard in the last ten seconds.
struct SourceList: Sendable {
    private var sources: [RTPSource] = []

    private static let age: Duration = .seconds(10)
    private static let most = 32

    /// Notes a packet; the source that was silent for longest makes room when there are too many.
    mutating func heard(_ source: RTPSource) {
        if let index = self.sources.firstIndex(where: { $0.ssrc == source.ssrc }) {
            self.sources[index] = source
            return
        }
        if self.sources.count >= Self.most,
            let oldest = self.sources.indices.min(by: { self.sources[$0].time < self.sources[$1].time })
        {
            self.sources[oldest] = source
        } else {
            self.sources.append(source)
        }
    }

    /// Those heard in the last ten seconds, the latest first.
    func list(at now: Instant) -> [RTPSource] {
        self.sources.filter { now - $0.time <= Self.age }.sorted { $0.time > $1.time }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTCEngine
internal import RTCMedia
internal import RTCRTP
internal import RTCWire

/// A source that was heard in the last ten seconds (W3C WebRTC §5.3.1, `RTCRtpContributingSource` and
/// `RTCRtpSynchronizationSource`).
public struct RTCRtpSource: Hashable, Sendable {
    /// When its last packet came, in milliseconds since 1970.
    public let timestamp: Double
    /// The synchronization or contributing source.
    public let source: UInt32
    /// The level of the sound in its last packet, 0 to 1, where the packet says it (RFC 6464, RFC 6465).
    public let audioLevel: Double?
    /// The timestamp of its last packet, in ticks of the codec's clock.
    public let rtpTimestamp: UInt32
}

extension RTCRtpReceiver {
    /// The sources that packets came from in the last ten seconds, the latest first.
    public func getSynchronizationSources() async -> [RTCRtpSource] {
        let number = self.core.number
        return await self.handle.core.onLoop { core in
            core.sources { session, now in session.synchronizationSources(of: .init(rawValue: number), at: now) }
        }
    }

    /// The sources that a mixer put into the packets of the last ten seconds, the latest first.
    public func getContributingSources() async -> [RTCRtpSource] {
        let number = self.core.number
        return await self.handle.core.onLoop { core in
            core.sources { session, now in session.contributingSources(of: .init(rawValue: number), at: now) }
        }
    }
}

extension ConnectionCore {
    /// A list of sources as the application sees it, on the loop.
    fileprivate func sources(_ read: (inout RTPSession, Instant) -> [RTPSource]) -> [RTCRtpSource] {
        let time = Date().timeIntervalSince1970 * 1_000
        return self.withEngine { engine, now in
            engine.withMedia(at: now) { read(&$0, now) }.map { source in
                RTCRtpSource(
                    timestamp: time - (now - source.time) / .milliseconds(1), source: source.ssrc.rawValue,
                    audioLevel: source.audioLevel.map { $0 >= 127 ? 0 : pow(10, -Double($0) / 20) },
                    rtpTimestamp: source.rtpTimestamp)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCDTLS
package import RTCDataChannel
package import RTCICE
package import RTCMedia
internal import RTCRTP
package import RTCSCTP

/// The numbers that the parts of a peer work with.
package struct PeerConfiguration: Hashable, Sendable {
    package var ice = ICEConfiguration()
    package var dtls = DTLSConfiguration()
    package var sctp = SCTPConfiguration()
    package var dataChannels = DataChannelConfiguration()
    /// Media; `datagramSize` counts, not its own, and an empty `cname` stands for a random one.
    package var media = RTPSessionConfiguration(cname: "", wallClockAtStart: NTPTimestamp(rawValue: 0))
    /// The largest UDP payload that is sent, in bytes: 1,200 fits every path that carries IPv6 (RFC 8261 §5).
    package var datagramSize = 1_200

    /// The defaults.
    package init() {
        // Longer than ICE's consent: an ICE restart, which signaling must carry first, finds the association alive.
        self.sctp.silenceLimit = .seconds(60)
    }

    /// The defaults, with what an application usually sets.
    ///
    /// - Parameters:
    ///   - maxMessageSize: the largest message that is taken from the peer, in bytes.
    ///   - maxDataChannels: how many channels there may be at once.
    ///   - allowsLoopback: whether loopback addresses are candidates.
    package init(maxMessageSize: Int, maxDataChannels: Int, allowsLoopback: Bool) {
        self.init()
        self.sctp.maximumMessageSize = maxMessageSize
        self.dataChannels.maxMessageSize = maxMessageSize
        self.dataChannels.maxChannels = maxDataChannels
        self.ice.allowsLoopback = allowsLoopback
    }
}

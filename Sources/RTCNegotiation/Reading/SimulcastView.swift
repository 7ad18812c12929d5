// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// The simulcast streams that a section names, as far as they can be used (RFC 8853 §5.2, RFC 8851 §10).
struct SimulcastView {
    /// The identifiers of the streams that the writer wants to send, one for each stream.
    let send: [String]
    /// Those that the writer wants to receive.
    let receive: [String]

    /// An `a=simulcast` line with an identifier that is unknown, of the other direction or there twice is ignored as a
    /// whole; an `a=rid` that is there twice does not count. Of alternatives the first counts.
    init(_ section: MediaSection, limits: NegotiationLimits) {
        var directions: [String: StreamDirection] = [:]
        var doubled: Set<String> = []
        for restriction in section.restrictions {
            if directions.updateValue(restriction.direction, forKey: restriction.id) != nil {
                doubled.insert(restriction.id)
            }
        }
        var lists: [StreamDirection: [String]] = [:]
        var isUsable = true
        var seen: Set<String> = []
        for list in section.simulcast?.lists ?? [] {
            for alternative in list.streams.lazy.joined() {
                let isKnown = directions[alternative.id] == list.direction && !doubled.contains(alternative.id)
                if !isKnown || !seen.insert(alternative.id).inserted { isUsable = false }
            }
            lists[list.direction] = list.streams.compactMap { $0.first?.id }
        }
        self.send = isUsable ? Array((lists[.send] ?? []).prefix(limits.simulcastStreams)) : []
        self.receive = isUsable ? Array((lists[.recv] ?? []).prefix(limits.simulcastStreams)) : []
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// What a remote section says about its RTP streams and the tracks in them (RFC 5576, RFC 8830).
struct SectionSources {
    /// Without those that repeat others.
    private(set) var ssrcs: [UInt32] = []
    private(set) var pairs: [RetransmissionPair] = []
    private(set) var cname: String?
    /// The streams that the track is in.
    private(set) var streams: [String] = []
    private(set) var trackID: String?

    init(_ section: MediaSection, limits: NegotiationLimits) {
        var ids = section.mediaStreamIDs
        var known: Set<UInt32> = []
        var order: [UInt32] = []
        var legacy: [MediaStreamIDAttribute] = []
        for source in section.sources {
            if known.count < limits.sourcesInSection, known.insert(source.ssrc).inserted { order.append(source.ssrc) }
            if source.name == "cname", self.cname == nil { self.cname = source.value }
            // The older place of the same fact, which some write alone.
            if source.name == "msid", legacy.isEmpty, let value = source.value {
                let words = value.split(separator: " ").map { String($0) }
                guard let stream = words.first else { continue }
                legacy.append(MediaStreamIDAttribute(stream: stream, track: words.count > 1 ? words[1] : nil))
            }
        }
        if ids.isEmpty { ids = legacy }
        for group in section.sourceGroups where group.semantics == "FID" && group.ssrcs.count == 2 {
            let pair = RetransmissionPair(rtx: group.ssrcs[1], media: group.ssrcs[0])
            guard pair.rtx != pair.media, self.pairs.count < limits.sourcesInSection else { continue }
            self.pairs.append(pair)
        }
        let repeats = Set(self.pairs.map(\.rtx))
        self.ssrcs = order.filter { !repeats.contains($0) }
        var seen: Set<String> = []
        for id in ids where id.stream != "-" {
            if self.streams.count < limits.streamsInSection, seen.insert(id.stream).inserted {
                self.streams.append(id.stream)
            }
        }
        self.trackID = ids.lazy.compactMap(\.track).first
    }
}

extension MediaSection {
    /// What may be sent to the writer at most in bits a second: `TIAS`, else `AS` in kilobits (RFC 3890, RFC 8866 §5.8).
    var maxBitrate: UInt64? {
        if let tias = self.bandwidths.first(where: { $0.type == "TIAS" }) { return tias.value }
        guard let kilobits = self.bandwidths.first(where: { $0.type == "AS" })?.value else { return nil }
        let (bits, isTooBig) = kilobits.multipliedReportingOverflow(by: 1_000)
        return isTooBig ? nil : bits
    }

    /// The kind of transceiver that the section needs; `nil` for data and whatever else there is.
    var kind: TransceiverKind? { self.line.isRTP ? TransceiverKind(rawValue: self.line.media) : nil }
}

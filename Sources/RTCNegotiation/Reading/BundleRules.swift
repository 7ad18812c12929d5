// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// The rules of groups and identification tags that hold for every description (RFC 5888, RFC 9143).
enum BundleRules {
    /// Gives a tag to each section that has none, so that the rest can rely on tags (RFC 8829 §5.10).
    static func addMissingMids(to description: inout SessionDescription, from offer: SessionDescription?) {
        var number = Self.firstFreeNumber(in: description)
        for index in description.media.indices where description.media[index].mid == nil {
            if let offer, index < offer.media.count, let mid = offer.media[index].mid {
                // An answerer that knows no groups leaves the tags out (RFC 5888 §9.1).
                description.media[index].attributes.append(.mid(mid))
            } else {
                description.media[index].attributes.append(.mid(String(number)))
                number &+= 1
            }
        }
    }

    /// A number above all tags that are small numbers.
    static func firstFreeNumber(in description: SessionDescription) -> UInt32 {
        let numbers = description.media.compactMap { $0.mid.flatMap { UInt32($0) } }.filter { $0 < 1_000_000 }
        return numbers.max().map { $0 &+ 1 } ?? 0
    }

    /// Checks that tags are unique and that groups name existing ones, each once.
    static func check(_ description: SessionDescription) throws(NegotiationError) {
        var mids: Set<String> = []
        for section in description.media {
            guard let mid = section.mid else { continue }
            guard mids.insert(mid).inserted else {
                throw NegotiationError(.invalidAccess, "Two media sections have \"a=mid:\(mid)\": give each its own.")
            }
        }
        var bundled: Set<String> = []
        for mid in description.bundleGroups.lazy.flatMap(\.mids) {
            guard mids.contains(mid) else {
                throw NegotiationError(
                    .invalidAccess, "The BUNDLE group names \"\(mid)\", but no media section has that mid.")
            }
            guard bundled.insert(mid).inserted else {
                throw NegotiationError(.invalidAccess, "The BUNDLE groups name \"\(mid)\" twice: name it once.")
            }
        }
    }

    /// The tags of the BUNDLE group that `mid` belongs to; none when it is not bundled.
    static func group(of mid: String, in description: SessionDescription) -> [String] {
        description.bundleGroups.first { $0.mids.contains(mid) }?.mids ?? []
    }

    /// The places of the sections that stand for a transport: the first live one of each group, and those in no group.
    static func transportHeads(of description: SessionDescription) -> Set<Int> {
        var heads: Set<Int> = []
        let indexes = description.indexesByMid
        var bundled: Set<String> = []
        for group in description.bundleGroups {
            bundled.formUnion(group.mids)
            let live = group.mids.lazy.compactMap { indexes[$0] }.first { !description.media[$0].isRejected }
            if let live { heads.insert(live) }
        }
        for (index, section) in description.media.enumerated() where !section.isRejected {
            if let mid = section.mid, bundled.contains(mid) { continue }
            heads.insert(index)
        }
        return heads
    }

    /// In one bundle a payload type means one thing (RFC 9143 §9.1).
    static func checkPayloadTypes(_ description: SessionDescription) throws(NegotiationError) {
        let indexes = description.indexesByMid
        for group in description.bundleGroups {
            var meanings: [RTPMapAttribute?] = Array(repeating: nil, count: 128)
            for mid in group.mids {
                guard let index = indexes[mid] else { continue }
                let section = description.media[index]
                guard section.line.isRTP, !section.isRejected else { continue }
                for meaning in SectionCodec.meanings(of: section) where meaning.payloadType < 128 {
                    let type = Int(meaning.payloadType)
                    if let known = meanings[type], !Self.isSame(known, meaning) {
                        throw NegotiationError(
                            .invalidAccess,
                            "Payload type \(type) is \(known.encoding) in one section of a BUNDLE group and "
                                + "\(meaning.encoding) in another: give each format a number of its own.")
                    }
                    meanings[type] = meaning
                }
            }
        }
    }

    private static func isSame(_ one: RTPMapAttribute, _ two: RTPMapAttribute) -> Bool {
        one.encoding.lowercased() == two.encoding.lowercased() && one.clockRate == two.clockRate
            && (one.channels ?? 1) == (two.channels ?? 1)
    }

    /// Bundled media must multiplex RTCP, and our policy is "require" (RFC 8829 §4.1.1, §5.8.3).
    ///
    /// In a group it is enough that the section that stands for the transport says so (RFC 9143 §7.1.3).
    static func checkMultiplexing(_ description: SessionDescription) throws(NegotiationError) {
        var covered: Set<String> = []
        for group in description.bundleGroups {
            let head = group.mids.first.flatMap { description.index(ofMid: $0) }
            if let head, description.media[head].has(.rtcpMux) { covered.formUnion(group.mids) }
        }
        for (index, section) in description.media.enumerated() where section.line.isRTP && !section.isRejected {
            let isCovered = section.mid.map { covered.contains($0) } ?? false
            guard section.has(.rtcpMux) || isCovered else {
                throw NegotiationError(
                    .invalidAccess,
                    "Media section \(index) has no \"a=rtcp-mux\": RTP and RTCP must share one port.")
            }
        }
    }
}

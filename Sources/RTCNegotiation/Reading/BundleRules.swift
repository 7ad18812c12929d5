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

    /// Bundled media must multiplex RTCP, and our policy is "require" (RFC 8829 §4.1.1, §5.8.3).
    static func checkMultiplexing(_ description: SessionDescription) throws(NegotiationError) {
        for (index, section) in description.media.enumerated() where section.line.isRTP && !section.isRejected {
            guard section.has(.rtcpMux) else {
                throw NegotiationError(
                    .invalidAccess,
                    "Media section \(index) has no \"a=rtcp-mux\": RTP and RTCP must share one port.")
            }
        }
    }
}

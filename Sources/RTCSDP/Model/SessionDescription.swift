// SPDX-License-Identifier: Apache-2.0

/// A session description (RFC 8866) as WebRTC uses it.
///
/// Lines of one kind keep their order; what has no type is kept as text. Parsing what `description` prints gives an
/// equal model, and two parses of one text are equal.
package struct SessionDescription: Hashable, Sendable, AttributeContainer {
    /// Who made the description, and which version of it this is.
    package var origin: Origin
    /// The session's name, the value of `s=`.
    package var name: String = "-"
    /// `i=`, `u=`, `e=` and `p=` lines.
    package var information: [OtherLine] = []
    package var connections: [ConnectionData] = []
    package var bandwidths: [Bandwidth] = []
    /// `t=`, `r=` and `z=` lines; at least one `t=`.
    package var times: [OtherLine] = [OtherLine(type: "t", value: "0 0")]
    /// `k=` lines; WebRTC never uses them (RFC 8827 §6.5).
    package var keys: [OtherLine] = []
    /// All attributes of the session.
    package var attributes: [Attribute] = []
    /// The media sections in their order.
    package var media: [MediaSection] = []

    /// A description without media: `s=-`, `t=0 0`.
    package init(origin: Origin) { self.origin = origin }

    /// The BUNDLE groups, in order.
    package var bundleGroups: [GroupAttribute] { self.groups.filter(\.isBundle) }

    /// The places of all sections that have an identification tag; the first one counts when a tag is there twice.
    package var indexesByMid: [String: Int] {
        var indexes: [String: Int] = [:]
        for (index, section) in self.media.enumerated() {
            if let mid = section.mid, indexes[mid] == nil { indexes[mid] = index }
        }
        return indexes
    }

    /// The place of the section with this identification tag.
    package func index(ofMid mid: String) -> Int? { self.media.firstIndex { $0.mid == mid } }
}

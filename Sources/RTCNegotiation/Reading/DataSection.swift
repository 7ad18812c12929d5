// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// The section of the data channels in a description, in its present form (RFC 8841) or the older one with
/// `m=application … DTLS/SCTP 5000` and `a=sctpmap`.
struct DataSection {
    let index: Int
    let mid: String
    let port: UInt16
    /// `nil` for any size.
    let maxMessageSize: UInt64?

    /// The name of the protocol in `m=` and `sctpmap` lines.
    static let application = "webrtc-datachannel"

    /// Whether a section is one for data channels, refused or not.
    static func matches(_ section: MediaSection) -> Bool {
        guard section.line.media == "application", section.line.proto.uppercased().hasSuffix("DTLS/SCTP") else {
            return false
        }
        return section.line.formats.first == Self.application || Self.legacyPort(of: section) != nil
    }

    /// The port of the older form.
    static func legacyPort(of section: MediaSection) -> UInt16? {
        guard let format = section.line.formats.first, let port = UInt16(format) else { return nil }
        guard let map = section.sctpMaps.first(where: { $0.port == port }) else { return port }
        return map.application == Self.application ? port : nil
    }

    /// The data section that we work with: the one with `mid` if it lives, else the first that lives.
    ///
    /// A second one, and one whose association is ended by port 0, is not for us.
    static func find(in description: SessionDescription, preferring mid: String?) throws(NegotiationError) -> Self? {
        var found: Self?
        for (index, section) in description.media.enumerated() where !section.isRejected && Self.matches(section) {
            let data = try Self(section, index: index)
            guard data.port != 0 else { continue }
            if data.mid == mid { return data }
            if found == nil { found = data }
        }
        return found
    }

    init(_ section: MediaSection, index: Int) throws(NegotiationError) {
        self.index = index
        self.mid = section.mid ?? ""
        guard let port = Self.legacyPort(of: section) ?? section.sctpPort ?? section.sctpMaps.first?.port else {
            throw NegotiationError(
                .invalidAccess,
                "Media section \(index) is for data channels but has no \"a=sctp-port\": add \"a=sctp-port:5000\".")
        }
        self.port = port
        let size = section.maxMessageSize ?? 65_536
        self.maxMessageSize = size == 0 ? nil : size
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// A format of a media section with all that the section says about it.
struct SectionCodec: Hashable {
    var payloadType: UInt8
    var name: String
    var clockRate: UInt32
    var channels: UInt8
    var fmtp: String?
    var feedback: [CodecFeedback] = []
    /// Of its retransmissions.
    var rtxPayloadType: UInt8?

    /// The formats of a section in the order of its `m=` line.
    ///
    /// Payload types without a meaning are left out, and so is `rtx` by itself: it belongs to the format that its `apt`
    /// names (RFC 4588 §8.1). `a=rtcp-fb:*` holds for all (RFC 4585 §4.2).
    static func all(of section: MediaSection) -> [SectionCodec] {
        var table = Table(section)
        let types = section.line.formats.compactMap { UInt8($0) }.filter { $0 < 128 }
        for type in types { table.addRetransmission(type) }
        return types.compactMap { table.codec($0) }
    }

    /// The payload types of all formats of a section, `rtx` too, with what they mean; for finding conflicts.
    static func meanings(of section: MediaSection) -> [RTPMapAttribute] {
        let table = Table(section)
        return section.line.formats.compactMap { UInt8($0) }.compactMap { table.map(of: $0) }
    }

    /// What a section says, by payload type.
    private struct Table {
        private var maps: [RTPMapAttribute?] = Array(repeating: nil, count: 128)
        private var parameters: [String?] = Array(repeating: nil, count: 128)
        private var feedback: [[CodecFeedback]] = Array(repeating: [], count: 128)
        private var feedbackOfAll: [CodecFeedback] = []
        private var retransmissions: [UInt8?] = Array(repeating: nil, count: 128)

        init(_ section: MediaSection) {
            for attribute in section.attributes {
                switch attribute {
                case .rtpMap(let map) where map.payloadType < 128 && self.maps[Int(map.payloadType)] == nil:
                    self.maps[Int(map.payloadType)] = map
                case .formatParameters(let value):
                    guard let type = UInt8(value.format), type < 128 else { break }
                    // Parameters over several lines add up (RFC 8866 §6.15 allows one line a format; some write more).
                    let before = self.parameters[Int(type)]
                    guard (before?.utf8.count ?? 0) < 4_096 else { break }
                    self.parameters[Int(type)] = before.map { $0 + ";" + value.parameters } ?? value.parameters
                case .feedback(let value):
                    let feedback = CodecFeedback(value.kind, value.parameters)
                    switch value.payloadType {
                    case .all: if self.feedbackOfAll.count < 32 { self.feedbackOfAll.append(feedback) }
                    case .one(let type):
                        guard type < 128, self.feedback[Int(type)].count < 32 else { break }
                        self.feedback[Int(type)].append(feedback)
                    }
                default: break
                }
            }
        }

        func map(of type: UInt8) -> RTPMapAttribute? {
            guard type < 128 else { return nil }
            return self.maps[Int(type)] ?? RTPMapAttribute.implied(by: type)
        }

        /// Notes which format the retransmissions with this payload type are of.
        mutating func addRetransmission(_ type: UInt8) {
            guard let map = self.map(of: type), map.encoding.lowercased() == "rtx" else { return }
            let apt = FormatParameters(self.parameters[Int(type)]).number("apt", default: -1)
            guard let original = UInt8(exactly: apt), original < 128, self.retransmissions[Int(original)] == nil else {
                return
            }
            guard self.map(of: original)?.clockRate == map.clockRate else { return }
            self.retransmissions[Int(original)] = type
        }

        func codec(_ type: UInt8) -> SectionCodec? {
            guard let map = self.map(of: type), map.encoding.lowercased() != "rtx" else { return nil }
            return SectionCodec(
                payloadType: type, name: map.encoding, clockRate: map.clockRate, channels: map.channels ?? 1,
                fmtp: self.parameters[Int(type)], feedback: self.feedback[Int(type)] + self.feedbackOfAll,
                rtxPayloadType: self.retransmissions[Int(type)])
        }
    }
}

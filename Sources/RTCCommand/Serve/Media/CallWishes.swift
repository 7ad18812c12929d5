// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import RTC

/// What a client asks for beside its session description.
struct CallWishes: Decodable, Sendable {
    /// What becomes of a picture before it goes back.
    enum Transform: String, CaseIterable { case none, mirror, edges }
    /// Whether media is decoded and encoded again on its way, or goes back as it came.
    enum Mode: String, CaseIterable { case echo, forward }

    var transform = Transform.none
    var mode = Mode.echo
    /// The names of the only codecs to use.
    var codecs: [String]?
    /// The names of the only SRTP profiles to use.
    var srtp: [String]?
    /// The sections of the server's offer.
    var media: [MediaKind] = []

    /// Nothing in particular.
    init() {}

    private enum CodingKeys: String, CodingKey {
        case transform = "video_transform"
        case mode, codecs, srtp, media
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.transform = try Self.choice(container, .transform) ?? .none
        self.mode = try Self.choice(container, .mode) ?? .echo
        self.codecs = try container.decodeIfPresent([String].self, forKey: .codecs)
        self.srtp = try container.decodeIfPresent([String].self, forKey: .srtp)
        self.media = try (container.decodeIfPresent([String].self, forKey: .media) ?? []).map { name in
            guard let kind = MediaKind(rawValue: name), kind != .unknown else {
                throw HTTPFailure(.badRequest, "\"media\" holds \"\(name.prefix(32))\"; use \"audio\" and \"video\"")
            }
            return kind
        }
    }

    private static func choice<Value: RawRepresentable & CaseIterable>(
        _ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
    ) throws -> Value? where Value.RawValue == String {
        guard let name = try container.decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let value = Value(rawValue: name) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw HTTPFailure(
                .badRequest, "\"\(key.rawValue)\" is \"\(name.prefix(32))\"; use one of \(known)")
        }
        return value
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// What an answer must keep of its offer (RFC 3264 §6, RFC 8829 §5.8.3, RFC 9143 §7.3, RFC 8842 §5.3).
enum AnswerRules {
    /// As many sections, of the same kinds and transports, with the same tags.
    static func checkShape(of answer: SessionDescription, to offer: SessionDescription) throws(NegotiationError) {
        guard answer.media.count == offer.media.count else {
            throw NegotiationError(
                .invalidAccess,
                "The answer has \(answer.media.count) media sections, the offer \(offer.media.count): "
                    + "an answer has exactly those of its offer.")
        }
        for (index, section) in offer.media.enumerated() {
            let other = answer.media[index]
            guard other.line.media == section.line.media, other.line.proto == section.line.proto else {
                throw NegotiationError(
                    .invalidAccess,
                    "Media section \(index) of the answer has another kind or transport than the offer's.")
            }
            guard other.mid == nil || other.mid == section.mid else {
                throw NegotiationError(
                    .invalidAccess,
                    "Media section \(index) of the answer has another \"a=mid\" than the offer's.")
            }
            guard !section.isRejected || other.isRejected else {
                throw NegotiationError(
                    .invalidAccess,
                    "The answer accepts media section \(index), which the offer has stopped with port 0.")
            }
        }
    }

    /// Groups name only what the offer grouped, and a group shares one transport.
    static func checkGroups(of answer: SessionDescription, to offer: SessionDescription) throws(NegotiationError) {
        let indexes = answer.indexesByMid
        for group in answer.bundleGroups {
            guard let tag = group.mids.first else { continue }
            let offered = Set(BundleRules.group(of: tag, in: offer))
            guard group.mids.allSatisfy({ offered.contains($0) }) else {
                throw NegotiationError(
                    .invalidAccess, "The answer's BUNDLE group has a mid that the offer did not bundle with it.")
            }
            let fragments = Set(
                group.mids.compactMap { mid in
                    indexes[mid].flatMap {
                        answer.media[$0].isRejected ? nil : answer.media[$0].iceUsernameFragment
                    }
                })
            guard fragments.count <= 1 else {
                throw NegotiationError(
                    .invalidAccess, "The sections of a BUNDLE group have different \"a=ice-ufrag\": they share one.")
            }
        }
    }

    /// Our DTLS role from both `a=setup` values.
    static func role(
        local: SetupRole?, remote: SetupRole?, isOfferer: Bool
    ) throws(NegotiationError) -> NegotiatedTransport.DTLSRole {
        let offered = (isOfferer ? local : remote) ?? .actpass
        guard let answered = isOfferer ? remote : local else {
            throw NegotiationError(.invalidAccess, "The answer has no \"a=setup\": add active or passive.")
        }
        let answererRole: NegotiatedTransport.DTLSRole
        switch (offered, answered) {
        case (.actpass, .active), (.passive, .active): answererRole = .client
        case (.actpass, .passive), (.active, .passive): answererRole = .server
        case (.actpass, .actpass), (.active, .actpass), (.passive, .actpass), (.active, .active), (.passive, .passive),
            (.holdconn, _), (_, .holdconn):
            throw NegotiationError(
                .invalidAccess,
                "\"a=setup:\(answered.rawValue)\" is no answer to \"a=setup:\(offered.rawValue)\": "
                    + "one side is active, the other passive.")
        }
        guard isOfferer else { return answererRole }
        return answererRole == .client ? .server : .client
    }
}

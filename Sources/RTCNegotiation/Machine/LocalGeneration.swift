// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// One generation of local ICE: its credentials and what was gathered with them.
struct LocalGeneration: Hashable, Sendable {
    let credentials: TransportCredentials
    var candidates: [CandidateAttribute] = []
    var isComplete = false
    /// Whether the owner was told to gather.
    var isStarted = false

    init(credentials: TransportCredentials) { self.credentials = credentials }

    /// The address for the `m=` and `c=` lines: relayed before reflexive before host, IPv4 first; a name does not count
    /// (RFC 8839 §4.2.1.2, RFC 8829 §5.2.1).
    private var defaultCandidate: CandidateAttribute? {
        let kinds: [CandidateAttribute.Kind] = [.relayed, .serverReflexive, .host]
        let usable = self.candidates.filter { $0.isUDP && $0.component == 1 && Self.isNumeric($0.address) }
        for kind in kinds {
            let ofKind = usable.filter { $0.kind == kind }
            if let best = ofKind.first(where: { !$0.address.utf8.contains(0x3A) }) ?? ofKind.first { return best }
        }
        return nil
    }

    private static func isNumeric(_ address: String) -> Bool {
        address.utf8.contains(0x3A) || address.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    }

    /// Puts what was gathered into a section that has these credentials: the address, and the candidates where they go.
    func fill(_ section: inout MediaSection, hasCandidates: Bool) {
        guard section.iceUsernameFragment == self.credentials.usernameFragment, !section.isBundleOnly else { return }
        if let candidate = self.defaultCandidate {
            let family = candidate.address.utf8.contains(0x3A) ? "IP6" : "IP4"
            section.line.port = candidate.port
            section.connections = [ConnectionData(addressType: family, address: candidate.address)]
        }
        guard hasCandidates else { return }
        var gathered = self.candidates.map { Attribute.candidate($0) }
        if self.isComplete { gathered.append(.endOfCandidates) }
        section.attributes.insert(contentsOf: gathered, at: 0)
    }
}

/// A description with what it is.
package struct TypedDescription: Hashable, Sendable {
    /// Offer, provisional or final answer.
    package var type: DescriptionType
    /// The model; its `description` is the text.
    package var description: SessionDescription

    /// A description of this type.
    package init(type: DescriptionType, description: SessionDescription) {
        self.type = type
        self.description = description
    }
}

/// What `createOffer` or `createAnswer` gave out last.
struct CreatedDescription: Hashable, Sendable {
    /// As the user has it, with the candidates gathered by then.
    let text: String
    /// Without candidates.
    let base: SessionDescription
    /// The credentials of the generation that begins when the description is applied.
    let newCredentials: TransportCredentials?
    /// The transceivers of an offer's sections, by place.
    var transceivers: [Int: TransceiverID] = [:]
    /// What was wanted when it was made.
    let wishes: Wishes

    /// What the user wants, to see whether a description is outdated.
    struct Wishes: Hashable, Sendable {
        let transceivers: [Transceiver]
        let needsData: Bool
        let isRestartRequested: Bool
    }
}

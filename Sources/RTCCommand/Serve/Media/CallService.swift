// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import RTC

/// The media of one connection of the demo server: each section gets back what it sends, or a pattern when it sends nothing.
actor CallService {
    let connection: RTCPeerConnection
    private let wishes: CallWishes
    private var sections: [CallSection] = []

    init(_ connection: RTCPeerConnection, _ wishes: CallWishes) {
        self.connection = connection
        self.wishes = wishes
    }

    /// A section of an offer of the server's own.
    func add(_ kind: MediaKind) async throws {
        try await self.serve(await self.connection.addTransceiver(kind))
    }

    /// The server's next offer.
    func offer() async throws -> RTCSessionDescription {
        try await self.connection.setLocalDescription()
        return try await self.connection.gatheredDescription()
    }

    /// Answers a further offer of the client.
    func answer(_ offer: RTCSessionDescription) async throws -> RTCSessionDescription {
        try await self.connection.setRemoteDescription(offer)
        try await self.prepareAnswer()
        try await self.connection.setLocalDescription()
        try await self.settle()
        return try await self.connection.gatheredDescription()
    }

    /// Takes up the sections that are new in the client's offer; to be called before the answer is made.
    func prepareAnswer() async throws {
        let transceivers = await self.connection.getTransceivers()
        self.sections.removeAll { section in
            let isGone = !transceivers.contains { $0 === section.transceiver }
            if isGone { section.stop() }
            return isGone
        }
        for transceiver in transceivers where !self.sections.contains(where: { $0.transceiver === transceiver }) {
            try await transceiver.setDirection(.sendrecv)
            try await self.serve(transceiver)
        }
    }

    private func serve(_ transceiver: RTCRtpTransceiver) async throws {
        if let names = self.wishes.codecs {
            let all = RTCRtpSender.getCapabilities(transceiver.kind).codecs
            let wanted = all.filter { codec in
                ["rtx", "telephone-event"].contains { codec.isNamed($0) } || names.contains { codec.isNamed($0) }
            }
            if wanted.contains(where: { !["rtx", "telephone-event"].contains($0.name) }) {
                try await transceiver.setCodecPreferences(wanted)
            }
        }
        let section = CallSection(transceiver, self.wishes)
        try await section.replaceTrack()
        self.sections.append(section)
    }

    /// Sends the pattern where nothing comes; to be called after each exchange.
    func settle() async throws {
        for section in self.sections where section.transceiver.currentDirection == .sendonly {
            try await section.setPattern(true)
        }
    }

    /// Whether anything at all was agreed on.
    var isUseful: Bool {
        get async {
            if await self.connection.sctp != nil { return true }
            return self.sections.contains { ($0.transceiver.currentDirection ?? .inactive) != .stopped }
        }
    }

    func stop() {
        for section in self.sections { section.stop() }
        self.sections = []
    }

    func reports() async -> [CallSection.Report] {
        var reports: [CallSection.Report] = []
        for section in self.sections { reports.append(await section.report()) }
        return reports
    }

    func section(mid: String?) throws -> CallSection {
        guard let section = self.sections.first(where: { $0.transceiver.mid == mid }) else {
            throw HTTPFailure(.notFound, "there is no section with mid \"\(mid ?? "")\"")
        }
        return section
    }
}

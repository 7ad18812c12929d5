// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import RTC

/// What a client asks a session's media for: `POST /session/ID/control`.
struct CallControl: Decodable {
    var `do`: String
    var mid: String?
    var kind: MediaKind?
    var with: String?
    var on: Bool?
    var tones: String?

    private struct Report: Encodable { let report: [CallSection.Report] }
    private struct Stats: Encodable { let stats: [RTCStats] }
    private struct Nothing: Encodable {}

    /// Does it, and says what came of it.
    func perform(on call: CallService) async throws -> any Encodable {
        switch self.do {
        case "report": return Report(report: await call.reports())
        case "stats": return Stats(stats: Array(await call.connection.getStats().objects.values))
        case "add":
            guard let kind, kind != .unknown else {
                throw HTTPFailure(.badRequest, "\"add\" needs \"kind\", \"audio\" or \"video\"")
            }
            try await call.add(kind)
            return try await call.offer()
        case "remove":
            try await call.section(mid: self.mid).transceiver.stop()
            return try await call.offer()
        case "restartIce":
            await call.connection.restartIce()
            return try await call.offer()
        case "mute": try await call.section(mid: self.mid).setMuted(self.on ?? true)
        case "replaceTrack": try await call.section(mid: self.mid).setPattern(self.with != "echo")
        case "keyframe": try await call.section(mid: self.mid).transceiver.receiver.requestKeyFrame()
        case "dtmf": try await call.section(mid: self.mid).transceiver.sender.dtmf?.insertDTMF(self.tones ?? "")
        default:
            throw HTTPFailure(
                .badRequest,
                "\"do\" is \"\(self.do.prefix(32))\"; use add, remove, restartIce, replaceTrack, mute, keyframe, dtmf, stats or report"
            )
        }
        return Nothing()
    }
}

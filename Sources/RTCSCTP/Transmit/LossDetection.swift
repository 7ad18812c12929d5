// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Finds lost chunks by what was sent after them and has arrived (RACK, RFC 8985 §6, and RFC 9260 §7.2.4).
///
/// Unlike a count of missing reports, time also finds lost retransmissions, and does not mistake reordering for loss.
struct LossDetection {
    /// RFC 9260 §7.2.4: "three consecutive miss indications".
    private static let missingReportLimit: UInt8 = 3

    /// When the chunk that was sent last, of those that arrived, was sent, its TSN, and how long it took.
    private var newestSentAt: Int64 = .min
    private var newestTSN: Int64 = .min
    private var newestRoundTrip: Int64 = 0
    private var hasSeenReordering = false
    /// How many quarters of a round trip reordering is given; grows with needless retransmissions.
    private var patience: Int64 = 1

    /// Takes in a chunk as it was before it was acknowledged.
    mutating func acknowledged(
        _ chunk: Flight.Chunk, tsn: Int64, highestBefore: Int64, minimumRoundTrip: Int64?, now: Instant
    ) {
        let roundTrip = now.nanoseconds &- chunk.sentAt
        if chunk.transmissions == 1 {
            if tsn < highestBefore, chunk.state == .inFlight { self.hasSeenReordering = true }
        } else if let minimumRoundTrip, roundTrip < minimumRoundTrip {
            // Not the retransmission arrived, but what was sent before (RFC 8985 §6.2 step 2).
            return
        }
        guard (chunk.sentAt, tsn) > (self.newestSentAt, self.newestTSN) else { return }
        self.newestSentAt = chunk.sentAt
        self.newestTSN = tsn
        self.newestRoundTrip = roundTrip
    }

    /// The peer reported duplicates: something was sent again too early (RFC 8985 §6.2 step 4).
    mutating func sawDuplicates() { self.patience = min(self.patience + 1, 16) }

    /// Marks what is lost by now; says whether there was any, and when to look again.
    ///
    /// `highestNewlyAcked`: the highest TSN that the present SACK reported for the first time; `nil` for a timer.
    mutating func detect(
        in flight: inout Flight, highestNewlyAcked: Int64?, isInRecovery: Bool,
        timeout: borrowing RetransmissionTimeout,
        now: Instant
    ) -> (found: Bool, again: Instant?) {
        var found = false
        var again: Int64?
        let window = (timeout.minimumRoundTrip ?? 0) / 4 &* self.patience
        let smoothed = timeout.smoothedRoundTrip?.saturatedNanoseconds ?? .max
        let highest = flight.highestAckedTSN
        var index = flight.firstUnacked(from: 0)
        while index < flight.chunks.count, flight.firstTSN &+ Int64(index) < highest {
            let place = index
            index = flight.firstUnacked(from: place &+ 1)
            let chunk = flight.chunks[place]
            guard chunk.state == .inFlight else { continue }
            let tsn = flight.firstTSN &+ Int64(place)
            var reports = chunk.missingReports
            if let highestNewlyAcked, tsn < highestNewlyAcked { reports = flight.reportMissing(place) }
            let isReported = reports >= Self.missingReportLimit && chunk.transmissions == 1
            let waits = self.hasSeenReordering || !(isInRecovery || isReported)
            guard (self.newestSentAt, self.newestTSN) > (chunk.sentAt, tsn) else {
                if isReported, !self.hasSeenReordering {
                    flight.markLost(place)
                    found = true
                }
                continue
            }
            let deadline = chunk.sentAt &+ self.newestRoundTrip &+ (waits ? min(window, smoothed) : 0)
            if deadline <= now.nanoseconds {
                flight.markLost(place)
                found = true
            } else {
                again = min(again ?? .max, deadline)
            }
        }
        return (found, again.map { Instant(nanoseconds: $0) })
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Whose turn it is to send, media's or the data channels': neither waits for more than one run of the other.
///
/// Runs, not single packets, because equal packets to one address leave the system as one.
struct TransmitTurns {
    enum Turn { case media, data }

    /// The most packets in a run while the other side waits.
    static var runLength: Int { 16 }

    private(set) var turn = Turn.media
    private var run = 0

    /// Notes that a packet was written in this turn, and passes the turn on at the end of a run.
    mutating func wrote() {
        self.run += 1
        if self.run >= Self.runLength { self.pass() }
    }

    /// Passes the turn on.
    mutating func pass() {
        self.turn = self.turn == .media ? .data : .media
        self.run = 0
    }
}

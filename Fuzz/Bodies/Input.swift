// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension ByteReader {
    /// The next part of an input: a byte says how long it is, with the top bit in units of 16 bytes; it ends with the
    /// input at the latest.
    @_lifetime(copy self)
    mutating func readPart() -> RawSpan {
        let size = Int(self.readUInt8() ?? 0)
        let count = size < 128 ? size : (size - 128) * 16
        let start = self.position
        _ = self.skip(min(count, self.remaining))
        return self.bytes.extracting(start..<self.position)
    }
}

extension FuzzBody {
    /// What a run must stay below, whatever the input says: an answer for each thing that was done, and a flight.
    static func checkEffort(_ done: Int, _ made: Int) {
        precondition(made <= 64 + done * 64, "\(made) datagrams and events came of \(done) actions")
    }
}

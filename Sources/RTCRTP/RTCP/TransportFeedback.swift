// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// When each packet of the transport came (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
///
/// ```
/// |      base sequence number     |      packet status count      |
/// |                 reference time                | fb pkt. count |
/// |          packet chunk         |         packet chunk …        |
/// |  receive deltas …
/// ```
/// Only the packets that came are kept, so a feedback packet never takes much more memory than its bytes.
package struct TransportFeedback: Hashable, Sendable {
    static let format: UInt8 = 15
    /// The unit of deltas.
    package static let tick: Duration = .microseconds(250)
    /// The unit of the reference time in ticks: 64 ms.
    package static let ticksPerReference: Int64 = 256

    /// A packet that came.
    package struct Arrival: Hashable, Sendable {
        /// Its transport-wide sequence number.
        package var sequence: UInt16
        /// Since the one before, or since the reference time, in ticks of 250 µs.
        package var delta: Int16

        package init(sequence: UInt16, delta: Int16) {
            self.sequence = sequence
            self.delta = delta
        }
    }

    package var sender: SSRC
    package var media: SSRC
    /// The first packet that is told about.
    package var baseSequence: UInt16
    /// How many packets are told about, those that did not come included.
    package var statusCount: UInt16
    /// 24 bits, signed, in units of 64 ms of the receiver's clock.
    package var referenceTime: Int32
    /// Counts feedback packets; wraps.
    package var feedbackCount: UInt8
    /// The packets that came, by their sequence numbers.
    package var arrivals: [Arrival]

    package init(
        sender: SSRC, media: SSRC, baseSequence: UInt16, statusCount: UInt16, referenceTime: Int32,
        feedbackCount: UInt8, arrivals: [Arrival]
    ) {
        self.sender = sender
        self.media = media
        self.baseSequence = baseSequence
        self.statusCount = statusCount
        self.referenceTime = referenceTime
        self.feedbackCount = feedbackCount
        self.arrivals = arrivals
    }

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        guard let sender = reader.readUInt32(), let media = reader.readUInt32(), let base = reader.readUInt16(),
            let count = reader.readUInt16(), let reference = reader.readUInt24(), let feedback = reader.readUInt8(),
            count > 0
        else { return nil }
        self.init(
            sender: SSRC(sender), media: SSRC(media), baseSequence: base, statusCount: count,
            referenceTime: Int32(truncatingIfNeeded: reference << 8) >> 8, feedbackCount: feedback, arrivals: [])
        // Deltas stand after all chunks, so chunks are walked over twice.
        var chunks = reader
        var left = Int(count)
        while left > 0 {
            guard let chunk = reader.readUInt16() else { return nil }
            left &-= StatusChunk(chunk).count
        }
        guard self.readArrivals(chunks: &chunks, deltas: &reader) else { return nil }
    }

    private mutating func readArrivals(chunks: inout ByteReader, deltas: inout ByteReader) -> Bool {
        var index = 0
        while index < Int(self.statusCount), let bits = chunks.readUInt16() {
            let chunk = StatusChunk(bits)
            let count = min(chunk.count, Int(self.statusCount) &- index)
            if !chunk.isRunOfMissing {
                for offset in 0..<count {
                    switch chunk.symbol(at: offset) {
                    case StatusChunk.missing: continue
                    case StatusChunk.small:
                        guard let delta = deltas.readUInt8() else { return false }
                        self.append(index &+ offset, Int16(delta))
                    case StatusChunk.large:
                        guard let delta = deltas.readUInt16() else { return false }
                        self.append(index &+ offset, Int16(bitPattern: delta))
                    default: return false
                    }
                }
            }
            index &+= count
        }
        return true
    }

    private mutating func append(_ index: Int, _ delta: Int16) {
        let sequence = self.baseSequence &+ UInt16(truncatingIfNeeded: index)
        self.arrivals.append(Arrival(sequence: sequence, delta: delta))
    }

    /// Writes the packet.
    package func write(into writer: inout ByteWriter) {
        RTCPHeader.write(.transportFeedback, count: Int(Self.format), into: &writer) { writer in
            writer.write(self.sender.rawValue)
            writer.write(self.media.rawValue)
            writer.write(self.baseSequence)
            writer.write(self.statusCount)
            writer.writeUInt24(UInt32(bitPattern: self.referenceTime))
            writer.write(self.feedbackCount)
            let start = writer.count
            StatusChunk.write(self.symbols, into: &writer)
            for arrival in self.arrivals {
                if let small = UInt8(exactly: arrival.delta) {
                    writer.write(small)
                } else {
                    writer.write(UInt16(bitPattern: arrival.delta))
                }
            }
            writer.writeZeros((4 &- (writer.count &- start) & 3) & 3)
        }
    }

    /// A symbol for each packet that is told about.
    private var symbols: [UInt8] {
        var symbols = [UInt8](repeating: StatusChunk.missing, count: Int(self.statusCount))
        for arrival in self.arrivals {
            let index = Int(arrival.sequence &- self.baseSequence)
            precondition(index < symbols.count, "arrivals lie within the packets told about")
            symbols[index] = UInt8(exactly: arrival.delta) == nil ? StatusChunk.large : StatusChunk.small
        }
        return symbols
    }
}

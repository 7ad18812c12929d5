// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The header of a DATA chunk (RFC 9260 §3.3.1).
///
///     +---------------+---------------+-------------------------------+
///     |   Type = 0    |  Res  |I|U|B|E|            Length             |
///     +---------------+---------------+-------------------------------+
///     |                              TSN                              |
///     +-------------------------------+-------------------------------+
///     |       Stream Identifier       |    Stream Sequence Number     |
///     +-------------------------------+-------------------------------+
///     |                  Payload Protocol Identifier                  |
///     +---------------------------------------------------------------+
///     |                           User Data                           |
struct DataHeader: Hashable, BitwiseCopyable {
    /// The bytes before the user data, the four of the chunk header included.
    static let byteCount = 16

    /// The flag bits I, U, B and E.
    struct Flags: OptionSet, Hashable, BitwiseCopyable {
        var rawValue: UInt8
        static let end = Flags(rawValue: 1)
        static let begin = Flags(rawValue: 2)
        static let unordered = Flags(rawValue: 4)
        /// The sender asks for a SACK at once.
        static let immediate = Flags(rawValue: 8)
    }

    var flags: Flags
    var tsn: UInt32
    var stream: StreamID
    var ssn: UInt16
    var ppid: PayloadProtocolID

    /// Writes the chunk with `payload` and its padding.
    @inline(__always)
    func write(payload: RawSpan, into writer: inout ByteWriter) {
        let length = Self.byteCount &+ payload.byteCount
        writer.write(UInt32(self.flags.rawValue) << 16 | UInt32(truncatingIfNeeded: length & 0xFFFF))
        writer.write(self.tsn)
        writer.write(UInt32(self.stream.rawValue) << 16 | UInt32(self.ssn))
        writer.write(self.ppid.rawValue)
        writer.write(payload)
        let padding = paddedCount(length) &- length
        if padding > 0 { writer.writeZeros(padding) }
    }
}

/// A DATA chunk as received.
struct DataChunk: ~Escapable {
    let header: DataHeader
    /// The user data; empty in a chunk that is an error (RFC 9260 §3.3.10.9).
    let payload: RawSpan

    @_lifetime(copy chunk)
    init?(_ chunk: borrowing TLV) {
        let bytes = chunk.bytes
        guard bytes.byteCount >= DataHeader.byteCount, let tsn = bytes.uint32(at: 4),
            let stream = bytes.uint16(at: 8), let ssn = bytes.uint16(at: 10), let ppid = bytes.uint32(at: 12)
        else { return nil }
        self.header = DataHeader(
            flags: DataHeader.Flags(rawValue: chunk.chunkFlags), tsn: tsn, stream: StreamID(stream), ssn: ssn,
            ppid: PayloadProtocolID(ppid))
        self.payload = bytes.extracting(DataHeader.byteCount..<bytes.byteCount)
    }
}

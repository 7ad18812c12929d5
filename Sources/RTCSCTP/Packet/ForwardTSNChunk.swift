// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A FORWARD TSN as received: the peer gave up everything up to a TSN (RFC 3758 §3.2).
///
///     |                      New Cumulative TSN                       |
///     | N × (Stream Identifier, Stream Sequence Number), ordered ones |
struct ForwardTSNChunk: ~Escapable {
    let newCumulativeTSN: UInt32
    private let streams: RawSpan

    /// `nil` when the length fits no whole number of streams.
    @_lifetime(copy chunk)
    init?(_ chunk: borrowing TLV) {
        let bytes = chunk.bytes
        guard let tsn = bytes.uint32(at: 4), bytes.byteCount % 4 == 0 else { return nil }
        self.newCumulativeTSN = tsn
        self.streams = bytes.extracting(8..<bytes.byteCount)
    }

    var streamCount: Int { self.streams.byteCount / 4 }

    /// The last message that was given up on a stream.
    func skipped(_ index: Int) -> (stream: StreamID, ssn: UInt16)? {
        guard let stream = self.streams.uint16(at: 4 &* index), let ssn = self.streams.uint16(at: 4 &* index &+ 2)
        else { return nil }
        return (StreamID(stream), ssn)
    }
}

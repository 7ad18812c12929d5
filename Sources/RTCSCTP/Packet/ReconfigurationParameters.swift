// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// How a request to reconfigure streams went (RFC 6525 §4.4).
struct ReconfigurationResult: RawRepresentable, Hashable {
    var rawValue: UInt32

    static let nothingToDo = ReconfigurationResult(rawValue: 0)
    static let performed = ReconfigurationResult(rawValue: 1)
    static let denied = ReconfigurationResult(rawValue: 2)
    static let wrongSSN = ReconfigurationResult(rawValue: 3)
    static let requestInProgress = ReconfigurationResult(rawValue: 4)
    static let badSequenceNumber = ReconfigurationResult(rawValue: 5)
    static let inProgress = ReconfigurationResult(rawValue: 6)
}

/// An Outgoing SSN Reset Request: the sender resets streams of its own (RFC 6525 §4.1).
///
///     |           Re-configuration Request Sequence Number            |
///     |           Re-configuration Response Sequence Number           |
///     |                Sender's Last Assigned TSN                     |
///     |  Stream Number 1 (optional)   |    Stream Number 2 (optional) |
struct OutgoingResetRequest: ~Escapable {
    static let byteCount = 12

    let sequenceNumber: UInt32
    let lastTSN: UInt32
    private let streams: RawSpan

    @_lifetime(copy parameter)
    init?(_ parameter: borrowing TLV) {
        let value = parameter.value
        guard let sequence = value.uint32(at: 0), value.uint32(at: 4) != nil, let tsn = value.uint32(at: 8),
            value.byteCount % 2 == 0
        else { return nil }
        self.sequenceNumber = sequence
        self.lastTSN = tsn
        self.streams = value.extracting(Self.byteCount..<value.byteCount)
    }

    /// How many streams are named; none means all.
    var streamCount: Int { self.streams.byteCount / 2 }

    func stream(_ index: Int) -> StreamID? { self.streams.uint16(at: 2 &* index).map { StreamID($0) } }

    static func write(
        sequenceNumber: UInt32, responseSequenceNumber: UInt32, lastTSN: UInt32, streams: [StreamID],
        into writer: inout ByteWriter
    ) {
        writer.writeParameter(.outgoingReset) {
            $0.write(sequenceNumber)
            $0.write(responseSequenceNumber)
            $0.write(lastTSN)
            for stream in streams { $0.write(stream.rawValue) }
        }
    }
}

/// The answer to any request (RFC 6525 §4.4).
struct ReconfigurationResponse: Hashable {
    var sequenceNumber: UInt32
    var result: ReconfigurationResult

    init(sequenceNumber: UInt32, result: ReconfigurationResult) {
        self.sequenceNumber = sequenceNumber
        self.result = result
    }

    init?(_ parameter: borrowing TLV) {
        let value = parameter.value
        // Eight bytes, and two TSNs more when it answers an SSN/TSN reset.
        guard let sequence = value.uint32(at: 0), let result = value.uint32(at: 4) else { return nil }
        self.init(sequenceNumber: sequence, result: ReconfigurationResult(rawValue: result))
    }

    func write(into writer: inout ByteWriter) {
        writer.writeParameter(.reconfigurationResponse) {
            $0.write(self.sequenceNumber)
            $0.write(self.result.rawValue)
        }
    }
}

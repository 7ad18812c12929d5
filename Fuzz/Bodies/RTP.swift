// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

extension FuzzBody {
    /// The parts of an RTP packet follow each other within its bytes.
    static let rtp = FuzzBody("rtp") { bytes in
        guard let header = RTPHeader(bytes) else { return }
        precondition(header.extensionRange.lowerBound >= RTPHeader.fixedSize + 4 * header.contributingSourceCount)
        precondition(header.extensionRange.upperBound <= header.payloadRange.lowerBound)
        precondition(header.payloadRange.upperBound <= bytes.byteCount)
        for index in 0..<header.contributingSourceCount {
            precondition(header.contributingSource(at: index, in: bytes) != nil)
        }
        if let original = RTXPayload.original(header, in: bytes) {
            precondition(original.payload.upperBound == header.payloadRange.upperBound)
        }
        var statistics = StreamStatistics(clockRate: 90_000)
        var reader = ByteReader(bytes)
        while let sequence = reader.readUInt16(), let timestamp = reader.readUInt32() {
            _ = statistics.receive(sequence: sequence, timestamp: timestamp, at: .start + .milliseconds(timestamp >> 8))
        }
        let received = statistics.received
        precondition(statistics.lost + received >= 0 && statistics.jitter <= 5)
    }

    /// What was read from header extensions is written and read as the same.
    static let headerExtensions = FuzzBody("header-extensions") { bytes in
        guard let header = RTPHeader(bytes) else { return }
        var elements = HeaderExtensionElements(header)
        while let element = elements.next(in: bytes) {
            precondition(element.value.lowerBound > header.extensionRange.lowerBound)
            precondition(element.value.upperBound <= header.extensionRange.upperBound)
        }
        let kinds: [HeaderExtension] = [
            .mid, .rid, .repairedRid, .audioLevel, .csrcAudioLevel, .absoluteSendTime, .transmissionOffset,
            .transportSequence, .videoOrientation, .playoutDelay, .absoluteCaptureTime,
        ]
        let map = HeaderExtensionMap(kinds.enumerated().map { (UInt8($0.offset + 1), $0.element) })
        let values = HeaderExtensionValues(header, in: bytes, map: map)
        let written = [UInt8].writing(capacity: 2_000) { header.write(into: &$0, extensions: values, map: map) }
        guard let written, let again = RTPHeader(written.span.bytes) else { preconditionFailure("extensions fit") }
        precondition(HeaderExtensionValues(again, in: written.span.bytes, map: map) == values)
    }
}

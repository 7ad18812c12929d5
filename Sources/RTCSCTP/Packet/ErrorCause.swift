// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Why an ERROR or ABORT was sent (RFC 9260 §3.3.10).
struct CauseCode: RawRepresentable, Hashable {
    var rawValue: UInt16

    static let invalidStreamIdentifier = CauseCode(rawValue: 1)
    static let missingMandatoryParameter = CauseCode(rawValue: 2)
    static let staleCookie = CauseCode(rawValue: 3)
    static let outOfResource = CauseCode(rawValue: 4)
    static let unresolvableAddress = CauseCode(rawValue: 5)
    static let unrecognizedChunkType = CauseCode(rawValue: 6)
    static let invalidMandatoryParameter = CauseCode(rawValue: 7)
    static let unrecognizedParameters = CauseCode(rawValue: 8)
    static let noUserData = CauseCode(rawValue: 9)
    static let cookieReceivedWhileShuttingDown = CauseCode(rawValue: 10)
    static let userInitiatedAbort = CauseCode(rawValue: 12)
    static let protocolViolation = CauseCode(rawValue: 13)
}

/// The causes that we send.
enum ErrorCause {
    /// How much of a peer's chunk or parameter is quoted: enough to recognise it, not enough to amplify.
    static let quotedByteCount = 256

    /// DATA on a stream that does not exist (§3.3.10.1).
    static func writeInvalidStream(_ stream: StreamID, into writer: inout ByteWriter) {
        writer.writeCause(.invalidStreamIdentifier) {
            $0.write(stream.rawValue)
            $0.write(UInt16(0))
        }
    }

    /// An INIT ACK without a parameter that it must have (§3.3.10.2).
    static func writeMissingParameter(_ type: ParameterType, into writer: inout ByteWriter) {
        writer.writeCause(.missingMandatoryParameter) {
            $0.write(UInt32(1))
            $0.write(type.rawValue)
        }
    }

    /// A cookie that is too old by `staleness`, in microseconds on the wire (§3.3.10.3).
    static func writeStaleCookie(_ staleness: Duration, into writer: inout ByteWriter) {
        let microseconds = staleness.saturatedNanoseconds / 1_000
        writer.writeCause(.staleCookie) { $0.write(UInt32(clamping: microseconds)) }
    }

    /// Something of the peer's, quoted (§3.3.10.6, §3.3.10.8).
    static func writeQuoting(_ bytes: RawSpan, as code: CauseCode, into writer: inout ByteWriter) {
        let quote = bytes.extracting(0..<min(bytes.byteCount, Self.quotedByteCount))
        writer.writeCause(code) { $0.write(quote) }
    }

    /// DATA without user data (§3.3.10.9).
    static func writeNoUserData(tsn: UInt32, into writer: inout ByteWriter) {
        writer.writeCause(.noUserData) { $0.write(tsn) }
    }

    /// The first cause of an ABORT or ERROR chunk's value.
    static func firstCode(of value: RawSpan) -> CauseCode? {
        var causes = TLVIterator(value)
        guard let cause = causes.next() else { return nil }
        return cause.causeCode
    }
}

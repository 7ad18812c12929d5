// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// When the content of a packet was captured (libwebrtc's abs-capture-time).
package struct AbsoluteCaptureTime: Hashable, Sendable {
    /// By the clock of whoever captured it.
    package var timestamp: NTPTimestamp
    /// What must be added to the capture clock to get the sender's clock, in seconds with 32 bits after the point.
    package var clockOffset: Int64?

    package init(timestamp: NTPTimestamp, clockOffset: Int64? = nil) {
        self.timestamp = timestamp
        self.clockOffset = clockOffset
    }

    init?(_ value: RawSpan) {
        var reader = ByteReader(value)
        guard let timestamp = reader.readUInt64() else { return nil }
        self.timestamp = NTPTimestamp(rawValue: timestamp)
        self.clockOffset = reader.readUInt64().map { Int64(bitPattern: $0) }
    }

    var size: Int { self.clockOffset == nil ? 8 : 16 }

    func write(into writer: inout ByteWriter) {
        writer.write(self.timestamp.rawValue)
        if let clockOffset { writer.write(UInt64(bitPattern: clockOffset)) }
    }
}

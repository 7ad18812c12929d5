// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// SR: what a sender has sent, how its timestamps map to wall-clock time, and what it receives (RFC 3550 §6.4.1).
package struct SenderReport: Hashable, Sendable {
    package var ssrc: SSRC
    /// When the report was made.
    package var ntp: NTPTimestamp
    /// The same time in ticks of the stream's timestamps.
    package var timestamp: UInt32
    /// Packets sent since the beginning; wraps.
    package var packetCount: UInt32
    /// Bytes of payload sent since the beginning; wraps.
    package var octetCount: UInt32
    /// At most 31.
    package var reports: [ReportBlock]

    package init(
        ssrc: SSRC, ntp: NTPTimestamp, timestamp: UInt32, packetCount: UInt32, octetCount: UInt32,
        reports: [ReportBlock] = []
    ) {
        self.ssrc = ssrc
        self.ntp = ntp
        self.timestamp = timestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
        self.reports = reports
    }

    init?(_ body: RawSpan, count: Int) {
        var reader = ByteReader(body)
        guard let ssrc = reader.readUInt32(), let ntp = reader.readUInt64(), let timestamp = reader.readUInt32(),
            let packets = reader.readUInt32(), let octets = reader.readUInt32(),
            let reports = ReportBlock.read(count, from: &reader)
        else { return nil }
        self.init(
            ssrc: SSRC(ssrc), ntp: NTPTimestamp(rawValue: ntp), timestamp: timestamp, packetCount: packets,
            octetCount: octets, reports: reports)
    }

    /// Writes the report, with at most 31 blocks.
    package func write(into writer: inout ByteWriter) {
        let blocks = self.reports.prefix(ReportBlock.maxCount)
        RTCPHeader.write(.senderReport, count: blocks.count, into: &writer) { writer in
            writer.write(self.ssrc.rawValue)
            writer.write(self.ntp.rawValue)
            writer.write(self.timestamp)
            writer.write(self.packetCount)
            writer.write(self.octetCount)
            for block in blocks { block.write(into: &writer) }
        }
    }
}

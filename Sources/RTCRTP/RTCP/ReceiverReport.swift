// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// RR: what one who sends nothing receives (RFC 3550 §6.4.2).
package struct ReceiverReport: Hashable, Sendable {
    /// Whoever reports.
    package var ssrc: SSRC
    /// At most 31.
    package var reports: [ReportBlock]

    package init(ssrc: SSRC, reports: [ReportBlock] = []) {
        self.ssrc = ssrc
        self.reports = reports
    }

    init?(_ body: RawSpan, count: Int) {
        var reader = ByteReader(body)
        guard let ssrc = reader.readUInt32(), let reports = ReportBlock.read(count, from: &reader) else { return nil }
        self.init(ssrc: SSRC(ssrc), reports: reports)
    }

    /// Writes the report, with at most 31 blocks.
    package func write(into writer: inout ByteWriter) {
        let blocks = self.reports.prefix(ReportBlock.maxCount)
        RTCPHeader.write(.receiverReport, count: blocks.count, into: &writer) { writer in
            writer.write(self.ssrc.rawValue)
            for block in blocks { block.write(into: &writer) }
        }
    }
}

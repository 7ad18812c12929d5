// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

extension FuzzBody {
    /// What was read from a compound is written and read as the same.
    static let rtcp = FuzzBody("rtcp") { bytes in
        var compound = RTCPCompound(bytes)
        while let packet = compound.next() {
            let written = [UInt8].writing(capacity: 0x5_0000) { packet.write(into: &$0) }
            guard let written else { preconditionFailure("a packet is not much larger than it was") }
            var again = RTCPCompound(written.span.bytes)
            precondition(again.next() == packet && again.isComplete)
            if case .negativeAcknowledgement(let nack) = packet {
                var count = 0
                nack.forEachSequence { _ in count += 1 }
                precondition(count >= nack.items.count && count <= nack.items.count * 17)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// How H.264 units may be laid out in packets: `packetization-mode` in SDP (RFC 6184 §6).
package enum H264PacketizationMode: Hashable, Sendable {
    /// 0: one unit is one packet.
    case singleUnit
    /// 1: units may also be put together (STAP-A) and cut (FU-A).
    case nonInterleaved

    /// The mode that format parameters name, 0 when they name none; `nil` for the interleaved mode, and unknown ones.
    package init?(formatParameters: String?) {
        let pairs = (formatParameters ?? "").split(whereSeparator: { $0 == ";" || $0 == " " })
        let value = pairs.first { $0.lowercased().hasPrefix("packetization-mode=") }?.split(separator: "=").last
        switch value ?? "0" {
        case "0": self = .singleUnit
        case "1": self = .nonInterleaved
        default: return nil
        }
    }
}

/// Lays out H.264 access units in packets (RFC 6184 §5.4 to §5.8).
///
/// Parameter sets are kept, and sent before each IDR picture that comes without them, so that whoever joins late can
/// decode. Access unit delimiters are not sent: packets have time stamps and marker bits.
struct H264Packetizer: Sendable {
    private let mode: H264PacketizationMode
    /// Units that were not sent, because they were too large for mode 0 or not of the codec.
    private(set) var droppedUnits = 0
    /// The newest parameter sets, each with a start code.
    private var sequenceSets: [UInt8] = []
    private var pictureSets: [UInt8] = []

    /// Parameter sets are far smaller.
    private static let maxKeptBytes = 16_384

    init(mode: H264PacketizationMode) { self.mode = mode }

    /// Appends the payloads of an access unit, and returns the bytes that they are parts of: `data`, or `data` with
    /// parameter sets.
    mutating func packetize(_ data: [UInt8], maxPayload: Int, into slices: inout [PayloadSlice]) -> [UInt8] {
        let before = slices.count
        let droppedBefore = self.droppedUnits
        let found = self.cut(data, maxPayload: maxPayload, into: &slices)
        if !found.sequenceSets.isEmpty { self.keep(found.sequenceSets, from: data, in: \.sequenceSets) }
        if !found.pictureSets.isEmpty { self.keep(found.pictureSets, from: data, in: \.pictureSets) }
        guard let firstPicture = found.firstPicture, found.hasIDR else { return data }
        let missingSequence = found.sequenceSets.isEmpty ? self.sequenceSets : []
        let missingPicture = found.pictureSets.isEmpty ? self.pictureSets : []
        guard !missingSequence.isEmpty || !missingPicture.isEmpty else { return data }
        slices.removeSubrange(before...)
        self.droppedUnits = droppedBefore
        let whole = missingSequence + data[..<firstPicture] + missingPicture + data[firstPicture...]
        _ = self.cut(whole, maxPayload: maxPayload, into: &slices)
        return whole
    }

    private mutating func keep(
        _ units: [Range<Int>], from data: [UInt8], in kept: WritableKeyPath<H264Packetizer, [UInt8]>
    ) {
        guard units.reduce(0, { $0 + $1.count + 4 }) <= Self.maxKeptBytes else { return }
        self[keyPath: kept] = units.reduce(into: []) { $0 += [0, 0, 0, 1] + data[$1] }
    }

    /// What ``cut(_:maxPayload:into:)`` saw on its way.
    private struct Found {
        var hasIDR = false
        /// The offset of the start code of the first unit that holds a part of the picture.
        var firstPicture: Int?
        var sequenceSets: [Range<Int>] = []
        var pictureSets: [Range<Int>] = []
    }

    private mutating func cut(_ data: [UInt8], maxPayload: Int, into slices: inout [PayloadSlice]) -> Found {
        let bytes = data.span.bytes
        var found = Found()
        var pending = Aggregate()
        var scanner = AnnexBScanner()
        while let range = scanner.next(in: bytes), let byte = bytes.byte(at: range.lowerBound) {
            let header = NALHeader(rawValue: byte)
            if header.type.isPicture, found.firstPicture == nil { found.firstPicture = range.lowerBound - 3 }
            switch header.type {
            case .idr: found.hasIDR = true
            case .sequenceParameterSet: found.sequenceSets.append(range)
            case .pictureParameterSet: found.pictureSets.append(range)
            default: break
            }
            let isFragmented = self.mode == .nonInterleaved && range.count > maxPayload
            guard header.type.isUnit, header.type != .accessUnitDelimiter, range.count <= maxPayload || isFragmented
            else {
                if header.type != .accessUnitDelimiter { self.droppedUnits += 1 }
                pending.flush(into: &slices)
                continue
            }
            if isFragmented {
                pending.flush(into: &slices)
                Self.fragment(range, header: header, maxPayload: maxPayload, into: &slices)
                continue
            }
            if self.mode == .singleUnit || !pending.takes(range, maxPayload: maxPayload) {
                pending.flush(into: &slices)
            }
            pending.append(range, header: header)
        }
        pending.flush(into: &slices)
        return found
    }

    /// Cuts a unit into fragments (FU-A, §5.8): the unit's own header byte is sent within their two bytes.
    private static func fragment(
        _ unit: Range<Int>, header: NALHeader, maxPayload: Int, into slices: inout [PayloadSlice]
    ) {
        let indicator = NALHeader(.fragment, importance: header.importance, isDamaged: header.isDamaged)
        PayloadSlice.cut(unit.dropFirst(), room: maxPayload - 2, into: &slices) { index, count in
            var prefix = PayloadPrefix()
            prefix.append(indicator.rawValue)
            prefix.append((index == 0 ? 0x80 : 0) | (index == count - 1 ? 0x40 : 0) | header.type.rawValue)
            return prefix
        }
    }
}

/// Units that follow one another and fit into one packet together (STAP-A, §5.7.1).
private struct Aggregate {
    private var range = 0..<0
    private var units = 0
    private var byteCount = 0
    private var importance: UInt8 = 0
    private var isDamaged = false

    func takes(_ unit: Range<Int>, maxPayload: Int) -> Bool { self.byteCount + 2 + unit.count <= maxPayload }

    mutating func append(_ unit: Range<Int>, header: NALHeader) {
        if self.units == 0 {
            self.range = unit
            self.byteCount = 1
        } else {
            self.range = self.range.lowerBound..<unit.upperBound
        }
        self.units += 1
        self.byteCount += 2 + unit.count
        self.importance = max(self.importance, header.importance)
        self.isDamaged = self.isDamaged || header.isDamaged
    }

    mutating func flush(into slices: inout [PayloadSlice]) {
        var prefix = PayloadPrefix()
        switch self.units {
        case 0: return
        case 1: slices.append(PayloadSlice(prefix: prefix, range: self.range))
        default:
            // "F: MUST be cleared if all F bits of the aggregated units are zero; otherwise it MUST be set"; "NRI MUST
            // be the maximum of all the NAL units" (§5.7).
            prefix.append(NALHeader(.aggregate, importance: self.importance, isDamaged: self.isDamaged).rawValue)
            // With the start code of the first unit, so that whoever writes the slice finds each in the same way.
            let range = self.range.lowerBound - 3..<self.range.upperBound
            slices.append(PayloadSlice(aggregate: range, prefix: prefix, byteCount: self.byteCount))
        }
        self = Aggregate()
    }
}

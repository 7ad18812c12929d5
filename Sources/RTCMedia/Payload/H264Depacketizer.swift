// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Reads H.264 payloads (RFC 6184 §5.6 to §5.8) and writes access units with start codes (Annex B).
///
/// A unit that breaks the rules is left out and counted; the others of its packet and frame are kept.
struct H264Depacketizer: Sendable {
    /// Units that were left out.
    private(set) var discardedUnits = 0
    /// The unit whose fragments are coming.
    private var fragmented: (header: NALHeader, start: Int)?
    private var units = 0

    /// More units than any real picture has; each costs a decoder.
    static let maxUnits = 1_000

    /// Forgets a frame that was not finished.
    mutating func begin() {
        self.fragmented = nil
        self.units = 0
    }

    /// Appends the units of a payload, or a piece of one.
    mutating func append(_ payload: RawSpan, to frame: inout [UInt8]) {
        guard let header = payload.byte(at: 0).map(NALHeader.init(rawValue:)) else { return }
        if header.type == .fragment { return self.appendFragment(payload, header: header, to: &frame) }
        self.dropFragments(of: &frame)
        if header.type == .aggregate {
            self.appendAggregate(payload, to: &frame)
        } else {
            self.appendUnit(payload, to: &frame)
        }
    }

    /// Ends the frame; a unit whose last fragment has not come is left out.
    mutating func finish(_ frame: inout [UInt8]) { self.dropFragments(of: &frame) }

    private mutating func appendUnit(_ unit: RawSpan, to frame: inout [UInt8]) {
        guard let header = unit.byte(at: 0).map(NALHeader.init(rawValue:)), self.takes(header) else {
            return self.discardedUnits &+= 1
        }
        self.units += 1
        Self.appendStartCode(to: &frame)
        frame.append(unit)
    }

    private mutating func appendAggregate(_ payload: RawSpan, to frame: inout [UInt8]) {
        var reader = ByteReader(payload)
        reader.skip(1)
        while !reader.isAtEnd {
            guard let size = reader.readUInt16(), let unit = reader.readBytes(Int(size)) else {
                return self.discardedUnits &+= 1
            }
            // A unit may not be an aggregate or a fragment itself (§5.7); such types are not of the codec.
            self.appendUnit(unit, to: &frame)
        }
    }

    private mutating func appendFragment(_ payload: RawSpan, header: NALHeader, to frame: inout [UInt8]) {
        guard let fields = payload.byte(at: 1), let body = payload.slice(2..<max(2, payload.byteCount)) else {
            self.discardedUnits &+= 1
            return self.dropFragments(of: &frame)
        }
        let (isStart, isEnd) = (fields & 0x80 != 0, fields & 0x40 != 0)
        let type = NALType(rawValue: fields & 0x1F)
        let unit = NALHeader(type, importance: header.importance, isDamaged: header.isDamaged)
        if isStart {
            self.dropFragments(of: &frame)
            // "the Start bit and End bit MUST NOT both be set to one in the same FU header" (§5.8).
            guard !isEnd, self.takes(unit) else { return self.discardedUnits &+= 1 }
            self.fragmented = (unit, frame.count)
            Self.appendStartCode(to: &frame)
            frame.append(unit.rawValue)
        } else if let begun = self.fragmented, begun.header.type != type || header.isDamaged {
            return self.dropFragments(of: &frame)
        } else if self.fragmented == nil {
            if isEnd { self.discardedUnits &+= 1 }
            return
        }
        frame.append(body)
        if isEnd {
            self.fragmented = nil
            self.units += 1
        }
    }

    private mutating func dropFragments(of frame: inout [UInt8]) {
        guard let begun = self.fragmented else { return }
        self.fragmented = nil
        self.discardedUnits &+= 1
        if begun.start <= frame.count { frame.removeSubrange(begun.start...) }
    }

    private func takes(_ header: NALHeader) -> Bool {
        header.type.isUnit && !header.isDamaged && self.units < Self.maxUnits
    }

    private static func appendStartCode(to frame: inout [UInt8]) {
        for byte: UInt8 in [0, 0, 0, 1] { frame.append(byte) }
    }
}

// MARK: - What payloads and frames say

extension H264Depacketizer {
    static func inspect(_ payload: RawSpan) throws(PayloadError) -> PayloadInfo {
        guard let header = payload.byte(at: 0).map(NALHeader.init(rawValue:)) else { throw .truncated }
        var units = UnitsInfo()
        switch header.type {
        case .fragment:
            guard let fields = payload.byte(at: 1) else { throw .truncated }
            units.add(NALHeader(NALType(rawValue: fields & 0x1F), importance: header.importance), unit: nil)
            units.info.mayStartFrame = fields & 0x80 != 0
        case .aggregate:
            var reader = ByteReader(payload)
            reader.skip(1)
            var seen = 0
            while seen < Self.maxUnits, let size = reader.readUInt16(), let unit = reader.readBytes(Int(size)) {
                seen += 1
                guard let header = unit.byte(at: 0).map(NALHeader.init(rawValue:)) else { continue }
                units.add(header, unit: unit)
            }
            guard seen > 0 else { throw .truncated }
        case let type where type.isUnit: units.add(header, unit: payload)
        default: throw .unsupported
        }
        return units.info
    }

    /// What the units of a payload say together.
    private struct UnitsInfo {
        var info = PayloadInfo()
        private var isFirst = true
        private var hasPicture = false

        mutating func add(_ header: NALHeader, unit: RawSpan?) {
            // Nothing of an access unit may stand before its delimiter (ITU-T H.264 §7.4.1.2.3).
            if self.isFirst, header.type == .accessUnitDelimiter { self.info.isFrameStart = true }
            self.isFirst = false
            if header.type.isKeyFrame { self.info.isKeyFrame = true }
            if header.type.isPicture {
                self.info.isDiscardable = header.importance == 0 && (self.info.isDiscardable || !self.hasPicture)
                self.hasPicture = true
            }
            if header.type == .sequenceParameterSet, let unit { self.info.size = SequenceParameterSet(unit)?.codedSize }
        }
    }

    /// Looks at each unit of a whole frame, also at those that hide behind a start code within another.
    static func summary(of frame: RawSpan, limits: PictureLimits) throws(PayloadError) -> FrameSummary {
        var summary = FrameSummary(isKeyFrame: false, size: nil)
        var scanner = AnnexBScanner()
        var units = 0
        while let range = scanner.next(in: frame), let unit = frame.slice(range), let byte = unit.byte(at: 0) {
            units += 1
            guard units <= Self.maxUnits else { throw .malformed }
            let type = NALHeader(rawValue: byte).type
            if type.isKeyFrame { summary.isKeyFrame = true }
            guard type == .sequenceParameterSet else { continue }
            guard let set = SequenceParameterSet(unit) else { throw .malformed }
            guard limits.allow(set.codedSize) else { throw .pictureTooLarge }
            summary.size = set.size
        }
        return summary
    }
}

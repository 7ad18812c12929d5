// SPDX-License-Identifier: Apache-2.0

/// The first byte of an H.264 unit (RFC 6184 §1.3, §5.3).
struct NALHeader: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ type: NALType, importance: UInt8, isDamaged: Bool = false) {
        self.rawValue = (isDamaged ? 0x80 : 0) | (importance & 3) << 5 | type.rawValue & 0x1F
    }

    /// The F bit: something on the way says that the unit has errors.
    var isDamaged: Bool { self.rawValue & 0x80 != 0 }
    /// `nal_ref_idc`, 0 to 3: 0 when no other picture needs the unit.
    var importance: UInt8 { (self.rawValue >> 5) & 3 }
    /// What the unit, or the packet, is.
    var type: NALType { NALType(rawValue: self.rawValue & 0x1F) }
}

/// What an H.264 unit or packet is (ITU-T H.264 table 7-1, RFC 6184 table 1).
struct NALType: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    static let slice = NALType(rawValue: 1)
    static let idr = NALType(rawValue: 5)
    static let sequenceParameterSet = NALType(rawValue: 7)
    static let pictureParameterSet = NALType(rawValue: 8)
    static let accessUnitDelimiter = NALType(rawValue: 9)
    static let aggregate = NALType(rawValue: 24)
    static let fragment = NALType(rawValue: 28)

    /// Whether this is a unit of the codec, not a packet of RFC 6184 nor reserved.
    var isUnit: Bool { (1...23).contains(self.rawValue) }
    /// Whether the unit holds a part of a picture.
    var isPicture: Bool { (1...5).contains(self.rawValue) }
    /// Whether decoding can begin with the access unit that holds this one.
    var isKeyFrame: Bool { self == .idr || self == .sequenceParameterSet }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// How loud the sound of a packet is (RFC 6464 §4).
package struct AudioLevel: Hashable, Sendable {
    /// In -dBov: 0 is the loudest, 127 is silence.
    package var level: UInt8
    /// Whether the sender found speech in it.
    package var isVoice: Bool

    /// A level, at most 127.
    package init(level: UInt8, isVoice: Bool = false) {
        self.level = min(level, 127)
        self.isVoice = isVoice
    }

    init(byte: UInt8) {
        self.level = byte & 0x7F
        self.isVoice = byte & 0x80 != 0
    }

    var byte: UInt8 { (self.isVoice ? 0x80 : 0) | self.level }
}

/// How loud each contributing source of a packet is, in the order of the CSRC list (RFC 6465 §3); up to 15.
package struct CSRCAudioLevels: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// How many there are, 1 to 15.
    package private(set) var count = 0

    /// The levels in `value`, the first 15 of them.
    init(_ value: RawSpan) {
        for index in 0..<min(value.byteCount, RTPHeader.maxContributingSources) {
            self.append(value.byte(at: index) ?? 127)
        }
    }

    /// Those of `levels`, in -dBov, the first 15 of them; `nil` when there are none.
    package init?(_ levels: [UInt8]) {
        guard !levels.isEmpty else { return nil }
        for level in levels.prefix(RTPHeader.maxContributingSources) { self.append(min(level, 127)) }
    }

    private mutating func append(_ byte: UInt8) {
        let bits = UInt64(byte & 0x7F) << UInt64((self.count & 7) &* 8)
        if self.count < 8 { self.low |= bits } else { self.high |= bits }
        self.count &+= 1
    }

    /// The level of source number `index` in -dBov; `nil` beyond the last.
    package func level(at index: Int) -> UInt8? {
        guard index >= 0, index < self.count else { return nil }
        return UInt8(truncatingIfNeeded: (index < 8 ? self.low : self.high) >> UInt64((index & 7) &* 8))
    }

    func write(into writer: inout ByteWriter) {
        for index in 0..<self.count { writer.write(self.level(at: index) ?? 127) }
    }
}

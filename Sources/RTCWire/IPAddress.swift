// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address, stored inline.
package struct IPAddress: Hashable, Sendable {
    /// The two address families of the Internet.
    package enum Family: UInt8, Hashable, Sendable { case ipv4, ipv6 }

    package let family: Family
    /// The first eight bytes of an IPv6 address; zero for IPv4.
    package let high: UInt64
    /// The last eight bytes of an IPv6 address; for IPv4 the address in the low 32 bits.
    package let low: UInt64

    /// An IPv4 address from its 32 bits, first octet highest.
    package init(ipv4 bits: UInt32) {
        self.family = .ipv4
        self.high = 0
        self.low = UInt64(bits)
    }

    /// An IPv6 address from its two halves.
    package init(ipv6High high: UInt64, low: UInt64) {
        self.family = .ipv6
        self.high = high
        self.low = low
    }

    /// The 32 bits of an IPv4 address; `nil` for IPv6.
    package var ipv4: UInt32? { self.family == .ipv4 ? UInt32(truncatingIfNeeded: self.low) : nil }

    /// The same address, with an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) turned into plain IPv4.
    package var canonical: IPAddress {
        guard self.family == .ipv6, self.high == 0, self.low >> 32 == 0xFFFF else { return self }
        return IPAddress(ipv4: UInt32(truncatingIfNeeded: self.low))
    }

    /// 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        self.family == .ipv4 ? self.low >> 24 == 127 : self.high == 0 && self.low == 1
    }

    /// 169.254.0.0/16 or fe80::/10.
    package var isLinkLocal: Bool {
        self.family == .ipv4 ? self.low >> 16 == 0xA9FE : self.high >> 54 == 0xFE80 >> 6
    }

    /// 0.0.0.0 or ::.
    package var isUnspecified: Bool { self.high == 0 && self.low == 0 }

    /// 224.0.0.0/4, the IPv4 broadcast address, or ff00::/8.
    package var isMulticastOrBroadcast: Bool {
        self.family == .ipv4 ? self.low >> 28 == 0xE || self.low == 0xFFFF_FFFF : self.high >> 56 == 0xFF
    }

    /// The deprecated site-local range fec0::/10 (RFC 3879).
    package var isSiteLocal: Bool { self.family == .ipv6 && self.high >> 54 == 0xFEC0 >> 6 }

    /// An IPv4-compatible IPv6 address ::a.b.c.d (deprecated, RFC 4291 §2.5.5.1), other than :: and ::1.
    package var isIPv4Compatible: Bool {
        self.family == .ipv6 && self.high == 0 && self.low >> 32 == 0 && self.low > 1
    }

    /// The number of bytes on the wire: 4 or 16.
    package var byteCount: Int { self.family == .ipv4 ? 4 : 16 }
}

// MARK: - Text

extension IPAddress: LosslessStringConvertible, CustomStringConvertible {
    /// Parses dotted decimals (four parts, no leading zeros) or RFC 4291 §2.2 text; no zone, no brackets.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let address = Self.parseIPv6(text) else { return nil }
            self = address
        } else {
            guard let bits = Self.parseIPv4(text) else { return nil }
            self.init(ipv4: bits)
        }
    }

    private static func parseIPv4(_ text: some StringProtocol) -> UInt32? {
        var bits: UInt32 = 0
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            guard part.count == 1 || part.first != 0x30 else { return nil }
            let value = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 0x30) }
            guard value <= 255 else { return nil }
            bits = bits << 8 | value
        }
        return bits
    }

    private static func parseIPv6(_ text: some StringProtocol) -> IPAddress? {
        let colons = Array(text.utf8)
        let gap = colons.indices.dropLast().first { colons[$0] == 0x3A && colons[$0 + 1] == 0x3A }
        let groups: [UInt16]
        if let gap {
            guard let head = Self.parseGroups(text.utf8.prefix(gap), mayEndInIPv4: false),
                let tail = Self.parseGroups(text.utf8.dropFirst(gap + 2), mayEndInIPv4: true),
                head.count + tail.count <= 7
            else { return nil }
            groups = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        } else {
            guard let all = Self.parseGroups(text.utf8.prefix(colons.count), mayEndInIPv4: true), all.count == 8
            else { return nil }
            groups = all
        }
        let halves = [groups[0..<4], groups[4..<8]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        return IPAddress(ipv6High: halves[0], low: halves[1])
    }

    /// The 16-bit groups of a part without "::"; none for no text.
    private static func parseGroups(_ text: some Collection<UInt8>, mayEndInIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let fields = text.split(separator: UInt8(ascii: ":"), maxSplits: 8, omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, field) in fields.enumerated() {
            if mayEndInIPv4, index == fields.count - 1, field.contains(UInt8(ascii: ".")) {
                guard let bits = Self.parseIPv4(String(decoding: field, as: UTF8.self)) else { return nil }
                groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard (1...4).contains(field.count), field.allSatisfy(Self.isHexDigit),
                    let group = UInt16(String(decoding: field, as: UTF8.self), radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// The usual text; IPv6 as RFC 5952 wants it.
    package var description: String {
        if let bits = self.ipv4 {
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        }
        if self.high == 0, self.low >> 32 == 0xFFFF { return "::ffff:\(self.canonical)" }
        let groups = [self.high, self.low].flatMap { half in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
        }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = max(end, start + 1)
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        if longest.isEmpty { return text(0..<8) }
        return text(0..<longest.lowerBound) + "::" + text(longest.upperBound..<8)
    }
}

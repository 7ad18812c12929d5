// SPDX-License-Identifier: Apache-2.0

/// Which identifier stands for which header extension in the packets of a media section, as negotiated.
///
/// Looking up allocates nothing. An identifier has one extension and an extension one identifier: the latest set.
package struct HeaderExtensionMap: Hashable, Sendable {
    /// The number of the extension of each identifier, or ``none``; as long as the highest identifier needs.
    private var numbers: [UInt8] = []
    /// The identifier of each known extension, or 0; empty when there is none.
    private var identifiers: [UInt8] = []
    private var others: [UInt8: String] = [:]

    private static let none: UInt8 = 0xFF

    /// No extensions.
    package init() {}

    /// The extensions of `pairs`; those with the identifier 0 are left out.
    package init(_ pairs: [(id: UInt8, kind: HeaderExtension)]) {
        for pair in pairs { self.set(pair.kind, id: pair.id) }
    }

    /// Lets `id` stand for `kind`; `false`, and no change, for 0, which is padding.
    ///
    /// Identifiers above 14 make packets use the two-byte form (RFC 8285 §4.3).
    @discardableResult
    package mutating func set(_ kind: HeaderExtension, id: UInt8) -> Bool {
        guard id != 0 else { return false }
        self.remove(id: id)
        if let old = self.id(of: kind) { self.remove(id: old) }
        if case .other(let uri) = kind {
            self.others[id] = uri
            return true
        }
        guard let number = kind.number else { return false }
        while self.numbers.count <= Int(id) { self.numbers.append(Self.none) }
        if self.identifiers.isEmpty { self.identifiers = Array(repeating: 0, count: HeaderExtension.known.count) }
        self.numbers[Int(id)] = number
        self.identifiers[Int(number)] = id
        return true
    }

    /// Takes what `other` says as well; where the two differ, `other` counts.
    package mutating func merge(_ other: HeaderExtensionMap) {
        for (id, number) in other.numbers.enumerated() where number != Self.none {
            self.set(HeaderExtension.known[Int(number)], id: UInt8(truncatingIfNeeded: id))
        }
        for (id, uri) in other.others { self.set(.other(uri: uri), id: id) }
    }

    private mutating func remove(id: UInt8) {
        self.others[id] = nil
        guard Int(id) < self.numbers.count, self.numbers[Int(id)] != Self.none else { return }
        self.identifiers[Int(self.numbers[Int(id)])] = 0
        self.numbers[Int(id)] = Self.none
    }

    /// The extension that `id` stands for.
    package func kind(of id: UInt8) -> HeaderExtension? {
        if let number = self.number(of: id) { return HeaderExtension.known[Int(number)] }
        return self.others[id].map { .other(uri: $0) }
    }

    /// The identifier of `kind`.
    package func id(of kind: HeaderExtension) -> UInt8? {
        guard let number = kind.number else { return self.others.first { .other(uri: $0.value) == kind }?.key }
        return self.id(ofNumber: number)
    }

    /// Whether `kind` is negotiated.
    package func has(_ kind: HeaderExtension) -> Bool { self.id(of: kind) != nil }

    /// The identifier of the extension at `number` in `HeaderExtension.known`.
    func id(ofNumber number: UInt8) -> UInt8? {
        guard Int(number) < self.identifiers.count else { return nil }
        let id = self.identifiers[Int(number)]
        return id == 0 ? nil : id
    }

    /// The place in `HeaderExtension.known` of the extension that `id` stands for.
    func number(of id: UInt8) -> UInt8? {
        guard Int(id) < self.numbers.count else { return nil }
        let number = self.numbers[Int(id)]
        return number == Self.none ? nil : number
    }
}

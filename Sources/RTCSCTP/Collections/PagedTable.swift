// SPDX-License-Identifier: Apache-2.0

/// A value for each stream number, in pages that exist only once something was written there.
///
/// Untouched streams cost nothing; all 65,536 cost 256 pages.
struct PagedTable<Value: BitwiseCopyable> {
    private var pages: [[Value]] = []
    private let initial: Value

    init(initial: Value) { self.initial = initial }

    /// O(1).
    subscript(stream: StreamID) -> Value {
        get {
            let page = Int(stream.rawValue >> 8)
            guard page < self.pages.count, !self.pages[page].isEmpty else { return self.initial }
            return self.pages[page][Int(stream.rawValue & 255)]
        }
        set {
            let page = Int(stream.rawValue >> 8)
            while self.pages.count <= page { self.pages.append([]) }
            if self.pages[page].isEmpty { self.pages[page] = Array(repeating: self.initial, count: 256) }
            self.pages[page][Int(stream.rawValue & 255)] = newValue
        }
    }

    /// Makes every stream untouched.
    mutating func removeAll() { self.pages = [] }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

/// A check that has been sent and may still be answered.
struct CheckTransaction {
    let id: STUNTransactionID
    let sentAt: Instant
    /// The role that the check announced.
    let role: ICERole
    /// Whether it carried USE-CANDIDATE.
    let nominates: Bool
}

/// The unanswered checks of one pair, oldest first, bounded.
///
/// Every check is a transaction of its own and an answer to any of them counts, so a path whose round trip takes
/// longer than the interval between checks works as well as a short one.
struct OutstandingChecks {
    private(set) var items: [CheckTransaction] = []

    mutating func insert(_ transaction: CheckTransaction, limit: Int) {
        if self.items.count >= limit { self.items.removeFirst() }
        self.items.append(transaction)
    }

    /// Takes out the transaction with this identifier.
    mutating func remove(_ id: STUNTransactionID) -> CheckTransaction? {
        guard let index = self.items.firstIndex(where: { $0.id == id }) else { return nil }
        return self.items.remove(at: index)
    }

    func contains(_ id: STUNTransactionID) -> Bool { self.items.contains { $0.id == id } }

    mutating func removeAll() { self.items = [] }
}

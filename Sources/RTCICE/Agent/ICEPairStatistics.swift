// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What is known of one pair, for `getStats` and diagnosis.
package struct ICEPairStatistics: Hashable, Sendable {
    /// The states of RFC 8445 §6.1.2.6, as W3C names them.
    package enum State: Hashable, Sendable {
        case frozen, waiting, inProgress, failed, succeeded
    }

    /// Its candidates and addresses.
    package var pair: ICEPair
    /// Where its checks stand.
    package var state: State
    /// RFC 8445 §6.1.2.3.
    package var priority: UInt64
    /// Whether it is nominated.
    package var isNominated: Bool
    /// Whether data goes over it.
    package var isSelected: Bool
    /// Its measured round trips; `nil` before the first answer.
    package var roundTrip: RoundTripTime?
    /// What went over it in checks.
    package var counters: ICEPairCounters
}

extension ICEAgent {
    /// All pairs of this generation that still exist; those that a nomination made pointless are gone.
    package var pairStatistics: [ICEPairStatistics] {
        self.generation.checks.pairs.compactMap { pair in
            guard let description = self.generation.description(of: pair) else { return nil }
            let state: ICEPairStatistics.State =
                switch pair.state {
                case .frozen: .frozen
                case .waiting: .waiting
                case .inProgress: .inProgress
                case .succeeded: .succeeded
                case .failed: .failed
                }
            let isSelected = self.retired == nil && self.generation.active?.pair == pair.id
            return ICEPairStatistics(
                pair: description, state: state, priority: pair.priority, isNominated: pair.isNominated,
                isSelected: isSelected, roundTrip: pair.roundTrip, counters: pair.counters)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What a session description is meant as (W3C WebRTC §4.6.1).
public enum RTCSdpType: String, Hashable, Sendable, Codable, CaseIterable {
    /// The start of an exchange.
    case offer
    /// A provisional answer: the exchange goes on.
    case pranswer
    /// The final answer.
    case answer
    /// Takes an offer back.
    case rollback
}

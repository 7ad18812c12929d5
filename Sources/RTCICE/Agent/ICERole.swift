// SPDX-License-Identifier: Apache-2.0

/// Which side nominates (RFC 8445 §6.1.1).
package enum ICERole: Hashable, Sendable {
    case controlling, controlled

    /// The other role.
    package var opposite: ICERole { self == .controlling ? .controlled : .controlling }
}

/// What becomes of a check whose sender has a role (RFC 8445 §7.3.1.1).
enum RoleConflict: Equatable {
    /// The roles differ, or the check names none.
    case none
    /// This side keeps its role and answers 487.
    case keep
    /// This side takes the other role.
    case yield

    init(
        role: ICERole, tieBreaker: UInt64, controlling: UInt64?, controlled: UInt64?
    ) {
        switch role {
        case .controlling:
            guard let controlling else { self = .none; return }
            self = tieBreaker >= controlling ? .keep : .yield
        case .controlled:
            guard let controlled else { self = .none; return }
            self = tieBreaker >= controlled ? .yield : .keep
        }
    }
}

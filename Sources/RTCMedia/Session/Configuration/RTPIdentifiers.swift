// SPDX-License-Identifier: Apache-2.0

/// What the owner of a session calls one of its receivers.
package struct RTPReceiverID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }
}

/// What the owner of a session calls one of its senders; each stream of simulcast is a sender.
package struct RTPSenderID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }
}

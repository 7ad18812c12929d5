// SPDX-License-Identifier: Apache-2.0

/// The events that nobody has taken yet, and how much of the receive window their messages use.
struct DeliveryQueue {
    /// What a kept message or fragment costs beside its bytes, so that many small ones cannot outgrow the window.
    static let overhead = 64

    private var ring = Ring<SCTPEvent>(filler: .restarted)
    /// The bytes of messages that wait, with their overhead.
    private(set) var messageBytes = 0
    private(set) var messagesDelivered = 0

    mutating func append(_ event: SCTPEvent) {
        if case .message(_, _, let bytes) = event {
            self.messageBytes &+= bytes.count &+ Self.overhead
            self.messagesDelivered &+= 1
        }
        self.ring.append(event)
    }

    mutating func popFirst() -> SCTPEvent? {
        let event = self.ring.popFirst()
        if case .message(_, _, let bytes) = event { self.messageBytes &-= bytes.count &+ Self.overhead }
        return event
    }
}

// SPDX-License-Identifier: Apache-2.0

package import NIOCore
internal import RTCWire

/// The one timer of a driver.
struct TimerState {
    /// When the armed callback fires; `nil` when none is armed.
    var armedAt: Instant?
    var callback: NIOScheduledCallback?
    /// When the engine last did what was due.
    var handledAt: Instant?

    /// Stops the timer.
    mutating func cancel() {
        self.callback?.cancel()
        self.callback = nil
        self.armedAt = nil
    }
}

extension DatagramDriver {
    /// Makes sure that the timer fires no later than anybody needs it.
    ///
    /// A deadline that moved later leaves the timer as it is: it fires, finds nothing due and is armed anew. Most
    /// deadlines are pushed back by each packet, and each cancellation would cost a search in the loop's heap.
    func armTimer(at now: Instant) {
        var deadline = self.closing == nil ? self.engine.nextTimeout : nil
        if let retry = self.held.first?.retryAt { deadline = min(deadline ?? retry, retry) }
        guard var deadline, deadline != .distantFuture else { return }
        // An engine that leaves a deadline in the past must not seize the loop.
        if let handledAt = self.timer.handledAt, deadline <= handledAt { deadline = now + .milliseconds(1) }
        if let armedAt = self.timer.armedAt {
            guard deadline < armedAt else { return }
            self.timer.cancel()
        }
        // Only a loop that is shutting down refuses; then there is no time left to keep.
        self.timer.callback = try? self.eventLoop.scheduleCallback(at: NIODeadline(deadline), handler: self)
        self.timer.armedAt = self.timer.callback == nil ? nil : deadline
    }
}

extension DatagramDriver: NIOScheduledCallbackHandler {
    package func handleScheduledCallback(eventLoop: some EventLoop) {
        self.timer.callback = nil
        self.timer.armedAt = nil
        let now = self.now
        if self.closing == nil, let deadline = self.engine.nextTimeout, deadline <= now {
            self.engine.handleTimeout(at: now)
            self.timer.handledAt = now
        }
        self.drain(at: now)
    }
}

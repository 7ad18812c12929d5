// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix

/// A driver that has more to send than fits into one turn.
protocol TurnTaking: AnyObject {
    /// Goes on sending.
    func takeTurn()
}

/// What the drivers of one event loop have in common: memory to write datagrams into, and a queue of turns.
///
/// One buffer for a loop stays in the processor's cache, and ten thousand idle connections do not hold one each.
///
/// Sendable by confinement: each thread has its own, reached only through `ofThisThread`.
final class LoopShare: @unchecked Sendable {
    /// The most bytes that one send can carry: the UDP payload limit of IPv4.
    static let capacity = 65_507

    /// Longer than NIO takes from the end of a task to its next look at the deadlines, even in a debug build.
    private static let pause = TimeAmount.microseconds(50)

    private static let current = ThreadSpecificVariable<LoopShare>()

    /// Where engines write what is sent next; valid until the caller gives up the thread.
    let memory: UnsafeMutableRawBufferPointer
    private var waiting: [any TurnTaking] = []
    private var isScheduled = false
    private var isRunning = false

    private init() { self.memory = .allocate(byteCount: Self.capacity, alignment: 64) }

    deinit { self.memory.deallocate() }

    /// The share of the loop that runs on this thread.
    static var ofThisThread: LoopShare {
        if let share = self.current.currentValue { return share }
        let share = LoopShare()
        self.current.currentValue = share
        return share
    }

    /// Calls `driver` again after the loop has looked for I/O and served the others that wait.
    ///
    /// `EventLoop.execute` would not do: NIO runs tasks until none is left before it looks at its sockets again, so
    /// two busy drivers could keep it from ever reading the acknowledgements that they wait for. A deadline that lies
    /// clearly in the future when the last turn ends makes it look.
    func requestTurn(for driver: any TurnTaking, on eventLoop: any EventLoop) {
        self.waiting.append(driver)
        if !self.isScheduled, !self.isRunning { self.schedule(on: eventLoop) }
    }

    private func schedule(on eventLoop: any EventLoop) {
        // Only a loop that is shutting down refuses.
        self.isScheduled = (try? eventLoop.scheduleCallback(at: .now() + Self.pause, handler: self)) != nil
    }
}

extension LoopShare: NIOScheduledCallbackHandler {
    func handleScheduledCallback(eventLoop: some EventLoop) {
        self.isScheduled = false
        self.isRunning = true
        let drivers = self.waiting
        self.waiting.removeAll()
        for driver in drivers { driver.takeTurn() }
        self.isRunning = false
        if !self.waiting.isEmpty { self.schedule(on: eventLoop) }
    }

    func didCancelScheduledCallback(eventLoop: some EventLoop) {
        self.isScheduled = false
        self.waiting.removeAll()
    }
}

// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import RTCWire

/// Runs one engine over UDP sockets on one event loop: the only place where an engine meets sockets and a clock.
///
/// ```
///  read burst ──▶ engine.receive … ─┐
///  deadline ────▶ handleTimeout ────┼──▶ drain: pollTransmit until nil ─▶ sockets ──▶ onProgress ──▶ arm the timer
///  perform { } ─▶ a command ────────┘
/// ```
///
/// All datagrams of one read burst go in, then the engine is drained once. Consecutive datagrams of equal size to
/// one destination leave as one send. A full socket stops the polling until it has room, so nothing that the engine
/// wrote is lost; meanwhile the engine may be called with transmits still waiting in it, and must bear that.
///
/// Sockets keep the driver alive until `close()`.
///
/// Sendable by confinement: everything but `bind`, `close` and `eventLoop` must be called on the loop, which is checked.
package final class DatagramDriver<Engine: DatagramEngine & SendableMetatype>: @unchecked Sendable {
    /// The loop that everything happens on.
    package let eventLoop: any EventLoop
    package let configuration: DatagramDriverConfiguration
    let engine: Engine

    /// Called on the loop after each drain, so that the owner takes the engine's events; set once, before `bind`.
    ///
    /// It may call `perform`, whose transmits leave right after it returns.
    package var onProgress: (@Sendable () -> Void)?

    var sockets: [DatagramSocket] = []
    /// The index of the socket that sent last: the next datagram most often has the same one.
    var lastSocketIndex = 0
    var lostSockets: [LostSocket] = []
    var counters = DatagramStatistics()
    /// What full sockets did not take, in order; at most two runs.
    var held: [HeldTransmit] = []
    var timer = TimerState()
    var closing: Closing?
    private var burstTime: Instant?
    private var isDraining = false
    private var needsAnotherDrain = false
    private(set) var isTurnRequested = false

    package init(engine: Engine, eventLoop: any EventLoop, configuration: DatagramDriverConfiguration = .init()) {
        self.engine = engine
        self.eventLoop = eventLoop
        self.configuration = configuration
    }

    /// The present time on the time line that the engine sees.
    package var now: Instant { Instant(NIODeadline.now()) }

    /// What was moved and dropped so far.
    package var statistics: DatagramStatistics {
        self.eventLoop.preconditionInEventLoop()
        return self.counters
    }

    /// The addresses of the open sockets.
    package var localAddresses: [TransportAddress] {
        self.eventLoop.preconditionInEventLoop()
        return self.sockets.map(\.address)
    }

    /// Calls the engine, then drains it.
    ///
    /// - Parameter when: `.now` sends at once; `.nextTurn` collects what several calls in a row produce and sends it
    ///   together some 50 µs later, which makes long runs of equal datagrams.
    @discardableResult
    package func perform<R>(drain when: DrainTime = .now, _ body: (Engine, Instant) -> R) -> R {
        self.eventLoop.preconditionInEventLoop()
        let now = self.now
        let result = body(self.engine, now)
        switch when {
        case .now: self.drain(at: now)
        case .nextTurn: self.requestTurn()
        }
        return result
    }

    /// When the transmits of a `perform` leave.
    package enum DrainTime: Sendable { case now, nextTurn }

    /// Takes the next socket that closed by itself; `nil` when there is none.
    ///
    /// The engine cannot send from its address any more. Bind again or give the address up.
    package func pollLostSocket() -> LostSocket? {
        self.eventLoop.preconditionInEventLoop()
        return self.lostSockets.isEmpty ? nil : self.lostSockets.removeFirst()
    }

    // MARK: What sockets report

    /// One read: a datagram, or several of `segmentSize` bytes that the kernel merged.
    func received(
        _ bytes: UnsafeRawBufferPointer,
        segmentSize: Int,
        from remote: TransportAddress,
        on local: TransportAddress
    ) {
        guard self.closing == nil, !bytes.isEmpty else { return }
        let now = self.burstTime ?? self.now
        self.burstTime = now
        self.counters.bytesReceived += bytes.count
        guard segmentSize > 0, segmentSize < bytes.count else {
            self.counters.datagramsReceived += 1
            return self.engine.receive(bytes.bytes, from: remote, on: local, at: now)
        }
        self.counters.mergedReads += 1
        var offset = 0
        while offset < bytes.count {
            let end = min(offset + segmentSize, bytes.count)
            self.counters.datagramsReceived += 1
            let datagram = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
            self.engine.receive(datagram.bytes, from: remote, on: local, at: now)
            offset = end
        }
    }

    /// The end of a read burst.
    func finishedReading() {
        guard let now = self.burstTime else { return }
        self.burstTime = nil
        self.drain(at: now)
    }

    func receivedError() { self.counters.receiveErrors += 1 }

    func socketClosed(_ socket: DatagramSocket) {
        self.sockets.removeAll { $0 === socket }
        self.lastSocketIndex = 0
        guard self.closing == nil, !socket.isAbandoned else { return }
        self.lostSockets.append(LostSocket(address: socket.address, error: socket.lastError))
        self.drain(at: self.now)
    }

    // MARK: Draining

    /// Sends what the engine has to send, lets the owner take its events, and arms the timer.
    func drain(at now: Instant) {
        guard !self.isDraining else {
            self.needsAnotherDrain = true
            return
        }
        guard self.closing?.isFinishing != true else { return }
        self.isDraining = true
        var rounds = 0
        repeat {
            self.needsAnotherDrain = false
            if !self.transmit(at: now) { self.requestTurn() }
            self.onProgress?()
            rounds += 1
        } while self.needsAnotherDrain && rounds < 8
        self.isDraining = false
        if self.needsAnotherDrain { self.requestTurn() }
        self.continueClosing(at: now)
        self.armTimer(at: now)
    }

    private func requestTurn() {
        guard !self.isTurnRequested else { return }
        self.isTurnRequested = true
        LoopShare.ofThisThread.requestTurn(for: self, on: self.eventLoop)
    }
}

extension DatagramDriver: TurnTaking {
    func takeTurn() {
        self.isTurnRequested = false
        self.drain(at: self.now)
    }
}

/// A socket that closed although nobody asked.
package struct LostSocket: Sendable {
    /// The address that it was bound to.
    package var address: TransportAddress
    /// The last error that it reported, if any.
    package var error: (any Error)?
}

extension Instant {
    /// The point on the engines' time line of a point on NIO's; both are the system's monotonic clock.
    package init(_ deadline: NIODeadline) { self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds)) }
}

extension NIODeadline {
    /// The point on NIO's time line of a point on the engines'.
    package init(_ instant: Instant) { self = .uptimeNanoseconds(UInt64(clamping: instant.nanoseconds)) }
}

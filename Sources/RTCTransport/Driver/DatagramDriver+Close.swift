// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import RTCWire

/// A close that is under way.
struct Closing {
    /// Succeeds when the last socket is closed.
    let promise: EventLoopPromise<Void>
    /// When the sockets close, whatever is left to send.
    let deadline: Instant
    /// Whether the sockets are being closed.
    var isFinishing = false
}

extension DatagramDriver {
    /// Sends what the engine still has to say (a close_notify, an ABORT), then closes the sockets.
    ///
    /// A full socket, or an engine that has no end, delays this by no more than the configuration's `blockedLimit`.
    /// Datagrams that arrive meanwhile are ignored, and so are deadlines. May be called from anywhere, and again.
    package func close() -> EventLoopFuture<Void> {
        let promise = self.eventLoop.makePromise(of: Void.self)
        self.eventLoop.execute { self.beginClosing(promise) }
        return promise.futureResult
    }

    /// Closes the socket that is bound to `address`, as when its interface is gone; does nothing when there is none.
    package func unbind(_ address: TransportAddress) {
        self.eventLoop.preconditionInEventLoop()
        guard let index = self.sockets.firstIndex(where: { $0.address == address }) else { return }
        let socket = self.sockets.remove(at: index)
        self.lastSocketIndex = 0
        socket.isAbandoned = true
        socket.channel.close(promise: nil)
    }

    private func beginClosing(_ promise: EventLoopPromise<Void>) {
        if let closing = self.closing { return closing.promise.futureResult.cascade(to: promise) }
        let now = self.now
        self.closing = Closing(promise: promise, deadline: now + self.configuration.blockedLimit)
        self.drain(at: now)
    }

    /// Goes on with a close once nothing is left to send.
    func continueClosing(at now: Instant) {
        guard let closing = self.closing, !closing.isFinishing else { return }
        guard (self.held.isEmpty && !self.isTurnRequested) || now >= closing.deadline else { return }
        self.closing?.isFinishing = true
        self.held = []
        self.timer.cancel()
        self.onProgress = nil
        let closed = self.sockets.map { $0.channel.close() }
        EventLoopFuture.andAllComplete(closed, on: self.eventLoop).cascade(to: closing.promise)
    }
}

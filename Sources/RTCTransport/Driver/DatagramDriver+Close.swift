// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import RTCWire

/// A close that is under way.
struct Closing {
    /// Succeeds when the last socket is closed.
    let promise: EventLoopPromise<Void>
    /// Whether the sockets are being closed: everything polled has left.
    var isFinishing = false
}

extension DatagramDriver {
    /// Sends what the engine still has to say (a close_notify, an ABORT), then closes the sockets.
    ///
    /// A full socket delays this by no more than the configuration's `blockedLimit`. Datagrams that arrive
    /// meanwhile are ignored, and so are deadlines. May be called from anywhere, and again.
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
        self.closing = Closing(promise: promise)
        self.drain(at: self.now)
    }

    /// Goes on with a close once nothing is left to send.
    func continueClosing() {
        guard let closing = self.closing, !closing.isFinishing, self.held.isEmpty, !self.isTurnRequested else { return }
        self.closing?.isFinishing = true
        self.timer.cancel()
        self.onProgress = nil
        let closed = self.sockets.map { $0.channel.close() }
        EventLoopFuture.andAllComplete(closed, on: self.eventLoop).cascade(to: closing.promise)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Keeps a connection open as long as the application holds any object of it.
///
/// The sockets and the event loop keep the connection itself alive; when the last public object goes away nobody can
/// use it any more, and it is closed.
final class ConnectionHandle: Sendable {
    let core: ConnectionCore

    init(core: ConnectionCore) { self.core = core }

    deinit { self.core.abandon() }

    /// The channels that the peer creates, as the application sees them.
    var dataChannels: AsyncStream<RTCDataChannel> {
        let cores = self.core.incomingChannels.stream()
        // The stream does not hold the connection: it ends when nobody else holds it.
        return AsyncStream { [weak self] in
            var iterator = cores.makeAsyncIterator()
            guard let core = await iterator.next(), let self else { return nil }
            return RTCDataChannel(core: core, connection: self)
        }
    }
}

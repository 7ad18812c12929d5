// SPDX-License-Identifier: Apache-2.0

extension RTCDataChannel {
    /// The messages of a channel, for one reader; ends when the channel is closed.
    ///
    /// Iterating throws an `RTCError` when the channel ended by a failure, and `CancellationError` when the task is
    /// cancelled.
    public struct Messages: AsyncSequence, Sendable {
        /// A message.
        public typealias Element = RTCDataChannelMessage

        let channel: RTCDataChannel

        /// Starts reading; each iterator gets every message from now on, and what came while there was none.
        public func makeAsyncIterator() -> Iterator { Iterator(reader: Reader(channel: self.channel)) }

        /// Reads one message after the other.
        public struct Iterator: AsyncIteratorProtocol {
            let reader: Reader

            /// The next message, or `nil` when the channel is closed.
            public mutating func next() async throws -> RTCDataChannelMessage? {
                try await self.reader.channel.core.inbox.next(self.reader.key)
            }
        }

        /// A registration that ends when the iterator goes away.
        final class Reader: Sendable {
            let channel: RTCDataChannel
            let key: Int

            init(channel: RTCDataChannel) {
                self.channel = channel
                self.key = channel.core.inbox.addReader()
            }

            deinit { self.channel.core.inbox.removeReader(self.key) }
        }
    }
}

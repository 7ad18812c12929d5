// SPDX-License-Identifier: Apache-2.0

internal import DequeModule

extension RTCDataChannel {
    /// The messages of a channel, for one reader; ends when the channel is closed.
    ///
    /// Iterating throws an `RTCError` when the channel ended by a failure, and `CancellationError` when the task is
    /// cancelled.
    public struct Messages: AsyncSequence, Sendable {
        /// One message.
        public typealias Element = RTCDataChannelMessage

        let channel: RTCDataChannel

        /// Starts reading; each iterator gets every message from now on, and what came while there was none.
        public func makeAsyncIterator() -> Iterator { Iterator(reader: Reader(channel: self.channel)) }

        /// Reads one message after the other.
        public struct Iterator: AsyncIteratorProtocol {
            let reader: Reader

            /// The next message, or `nil` when the channel is closed.
            public mutating func next() async throws -> RTCDataChannelMessage? {
                if let message = self.reader.takeWaiting() { return message }
                return try await self.reader.channel.core.inbox.next(self.reader.key)
            }
        }

        /// A registration that ends when the iterator goes away.
        ///
        /// It takes all messages that wait at once, so that reading many costs few locks. They count as unread until
        /// the application has them.
        final class Reader {
            let channel: RTCDataChannel
            let key: Int
            private var taken: Deque<RTCDataChannelMessage> = []
            /// The cost of messages that the application has and the inbox was not told of.
            private var readBytes = 0

            /// How much is read between two notices.
            private static var noticeBytes: Int { 32 << 10 }

            init(channel: RTCDataChannel) {
                self.channel = channel
                self.key = channel.core.inbox.addReader()
            }

            deinit {
                self.channel.core.inbox.wasRead(self.readBytes)
                self.channel.core.inbox.removeReader(self.key, returning: self.taken)
            }

            /// The next message that is there already.
            func takeWaiting() -> RTCDataChannelMessage? {
                if self.taken.isEmpty { self.taken = self.channel.core.inbox.takeWaiting(self.key) }
                let message = self.taken.popFirst()
                if let message { self.readBytes += Inbox.cost(of: message) }
                if self.readBytes >= Self.noticeBytes || self.taken.isEmpty {
                    self.channel.core.inbox.wasRead(self.readBytes)
                    self.readBytes = 0
                }
                return message
            }
        }
    }
}

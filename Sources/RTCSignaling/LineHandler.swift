// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTC

/// Lines on their way from the event loop to one reader.
final class LineQueue: Sendable {
    /// How many unread lines are kept.
    static var bound: Int { 64 }

    private let stream: AsyncThrowingStream<String, any Error>
    let continuation: AsyncThrowingStream<String, any Error>.Continuation

    init() {
        (self.stream, self.continuation) = AsyncThrowingStream.makeStream(bufferingPolicy: .bufferingOldest(Self.bound))
    }

    func next() async throws -> String? {
        var iterator = self.stream.makeAsyncIterator()
        return try await iterator.next()
    }
}

/// Cuts what arrives into lines of bounded length.
final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let lines: LineQueue
    private let onActive: @Sendable () -> Void
    private var partial = ByteBuffer()

    init(lines: LineQueue, onActive: @escaping @Sendable () -> Void) {
        self.lines = lines
        self.onActive = onActive
    }

    func channelActive(context: ChannelHandlerContext) {
        self.onActive()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        self.partial.writeBuffer(&bytes)
        while let end = self.partial.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let length = end - self.partial.readerIndex
            guard length <= SignalingLine.bound else { break }
            let line = self.partial.readString(length: length) ?? ""
            self.partial.moveReaderIndex(forwardBy: 1)
            if case .dropped = self.lines.continuation.yield(line) {
                return self.refuse("more than \(LineQueue.bound) messages that nobody has asked for", context)
            }
        }
        self.partial.discardReadBytes()
        if self.partial.readableBytes > SignalingLine.bound {
            self.refuse("a line of more than \(SignalingLine.bound) bytes", context)
        }
    }

    private func refuse(_ what: String, _ context: ChannelHandlerContext) {
        self.lines.continuation.finish(throwing: RTCError(.syntax, "the other end sent \(what)"))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { self.lines.continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.lines.continuation.finish(throwing: error)
        context.close(promise: nil)
    }
}

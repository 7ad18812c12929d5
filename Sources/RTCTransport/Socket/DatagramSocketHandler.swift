// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCWire

/// Hands what a socket reads to the driver.
final class DatagramSocketHandler<Engine: DatagramEngine & SendableMetatype>: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let driver: DatagramDriver<Engine>
    private let socket: DatagramSocket
    /// How many datagrams this read burst has brought; merged ones count as one.
    private var burstCount = 0

    init(driver: DatagramDriver<Engine>, socket: DatagramSocket) {
        self.driver = driver
        self.socket = socket
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = self.unwrapInboundIn(data)
        guard let remote = TransportAddress(envelope.remoteAddress) else { return }
        self.burstCount += 1
        let segmentSize = envelope.metadata?.segmentSize ?? 0
        envelope.data.withUnsafeReadableBytes {
            self.driver.received($0, segmentSize: segmentSize, from: remote, on: self.socket.address)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.driver.finishedReading()
        self.socket.finishedReading(count: self.burstCount)
        self.burstCount = 0
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // ECONNREFUSED and ENOMEM leave the socket open; after anything else NIO closes it and says so next.
        self.socket.lastError = error
        self.driver.receivedError()
    }

    func channelInactive(context: ChannelHandlerContext) { self.driver.socketClosed(self.socket) }
}

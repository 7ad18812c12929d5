// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCWire

/// One UDP socket of a driver: read by NIO, written by the driver itself.
final class DatagramSocket {
    /// The address that it is bound to, with the port that the system gave.
    let address: TransportAddress
    let channel: any Channel
    let system: SystemSocket
    /// Runs of datagrams up to this size leave as one send; zero when the kernel or the device cannot.
    private(set) var segmentLimit: Int
    /// What NIO reported last; the reason when the channel closes.
    var lastError: (any Error)?
    /// Whether the owner gave it up, so that its end is no news.
    var isAbandoned = false
    /// Whether the kernel is to merge received datagrams as soon as many come.
    private var mayMerge: Bool
    /// Whether it stayed full for too long: until a send succeeds, datagrams that do not fit are dropped.
    var isStuck = false

    init(
        address: TransportAddress, channel: any Channel, system: SystemSocket, usesSegmentation: Bool,
        usesMerging: Bool = false
    ) {
        self.address = address
        self.channel = channel
        self.system = system
        self.mayMerge = usesMerging && SystemSocket.supportsMerging
        self.segmentLimit = usesSegmentation && SystemSocket.supportsSegmentation ? 65_535 : 0
    }

    /// The end of a read burst of `count` datagrams.
    ///
    /// A socket that gets many has the kernel merge them from then on, and larger memory to read them into.
    func finishedReading(count: Int) {
        guard self.mayMerge, count >= SystemSocket.readsPerCall * 2, self.isOpen else { return }
        self.mayMerge = false
        let options = self.channel.syncOptions
        let allocator = FixedSizeRecvByteBufferAllocator(capacity: SystemSocket.mergedReadCapacity)
        // A kernel that refuses goes on giving datagrams one by one.
        try? options?.setOption(.recvAllocator, value: allocator)
        try? options?.setOption(.datagramReceiveSegmentSize, value: true)
        try? options?.setOption(.datagramReceiveOffload, value: true)
    }

    /// Whether the descriptor is still this socket's.
    var isOpen: Bool { self.channel.isActive }

    /// Sends as much of `bytes` as the system takes.
    ///
    /// `segmentSize` is the size of each datagram but the last, which may be shorter; `count` is how many there are.
    /// Stops early only with `.full`; datagrams that the system refuses count as done.
    func send(
        _ bytes: UnsafeRawBufferPointer,
        segmentSize: Int,
        count: Int,
        to remote: TransportAddress,
        statistics: inout DatagramStatistics
    ) -> (sent: Int, isFull: Bool) {
        if count > 1, segmentSize <= self.segmentLimit {
            switch self.system.send(bytes, segmentSize: segmentSize, to: remote) {
            case .sent:
                statistics.segmentedSends += 1
                statistics.datagramsSent += count
                statistics.bytesSent += bytes.count
                self.isStuck = false
                return (bytes.count, false)
            case .full:
                return (0, true)
            case .refused(let code):
                statistics.datagramsRefused += count
                statistics.lastRefusal = code
                return (bytes.count, false)
            case .unsegmentable:
                statistics.segmentationFallbacks += 1
                return self.sendOneByOne(
                    bytes, segmentSize: segmentSize, to: remote, isFallback: true, statistics: &statistics)
            }
        }
        return self.sendOneByOne(
            bytes, segmentSize: segmentSize, to: remote, isFallback: false, statistics: &statistics)
    }

    private func sendOneByOne(
        _ bytes: UnsafeRawBufferPointer,
        segmentSize: Int,
        to remote: TransportAddress,
        isFallback: Bool,
        statistics: inout DatagramStatistics
    ) -> (sent: Int, isFull: Bool) {
        var offset = 0
        while offset < bytes.count {
            let size = min(segmentSize, bytes.count - offset)
            let datagram = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)])
            switch self.system.send(datagram, segmentSize: 0, to: remote) {
            case .sent:
                statistics.datagramsSent += 1
                statistics.bytesSent += size
                self.isStuck = false
                // The destination is fine, so it is the size that could not be cut; a peer's bad address does not
                // get here and cannot turn segmentation off.
                if isFallback { self.segmentLimit = min(self.segmentLimit, segmentSize - 1) }
            case .full:
                return (offset, true)
            case .unsegmentable:
                statistics.datagramsRefused += 1
            case .refused(let code):
                statistics.datagramsRefused += 1
                statistics.lastRefusal = code
            }
            offset += size
        }
        return (bytes.count, false)
    }
}

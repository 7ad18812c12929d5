// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A run of equal datagrams to one destination that stand one behind the other in memory and leave as one send.
struct TransmitRun: Equatable {
    let transmit: Transmit
    /// The size of each datagram but the last, which may be shorter.
    let segmentSize: Int
    private(set) var byteCount: Int
    /// How many datagrams there are.
    private(set) var count = 1
    private var isEnded = false

    /// The most datagrams in one send that every kernel with UDP_SEGMENT takes.
    static let limit = 64

    /// A run of one datagram of `size` bytes.
    init(_ transmit: Transmit, size: Int) {
        self.transmit = transmit
        self.segmentSize = size
        self.byteCount = size
    }

    /// Takes in the datagram of `size` bytes that stands behind the run; `false` when it must not follow.
    mutating func append(_ transmit: Transmit, size: Int) -> Bool {
        guard self.isOpen, size <= self.segmentSize, transmit == self.transmit else { return false }
        self.byteCount += size
        self.count += 1
        self.isEnded = size < self.segmentSize
        return true
    }

    /// Whether another datagram of the same size may follow.
    var isOpen: Bool {
        !self.isEnded && self.count < Self.limit && self.byteCount + self.segmentSize <= LoopShare.capacity
    }
}

/// Datagrams that a full socket did not take, kept to be sent again.
struct HeldTransmit {
    let transmit: Transmit
    let segmentSize: Int
    var bytes: [UInt8]
    /// When the socket became full.
    let since: Instant
    var retryAt: Instant

    /// How many datagrams there are.
    var count: Int { (self.bytes.count + self.segmentSize - 1) / self.segmentSize }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Datagrams that came too early, kept for the moment when they can be used.
///
/// The peer may finish its connectivity checks first and send its ClientHello at once; without this the handshake
/// would wait for a retransmission. It may also finish the handshake first, and its first media begins with a key
/// frame. What an attacker puts here is bounded and is never looked at (RFC 8827 §6.3).
struct EarlyDatagrams {
    /// At most so many datagrams are kept; the oldest go first.
    static var countBound: Int { 16 }
    /// A larger datagram is part of no handshake and no media, and is not kept.
    static var sizeBound: Int { 2_048 }

    private var kept: [(path: Transmit, bytes: [UInt8])] = []

    var isEmpty: Bool { self.kept.isEmpty }

    mutating func keep(_ datagram: RawSpan, from path: Transmit) {
        guard datagram.byteCount <= Self.sizeBound else { return }
        if self.kept.count == Self.countBound { self.kept.removeFirst() }
        self.kept.append((path, datagram.array))
    }

    /// Takes out what came over `path`, in order.
    mutating func take(from path: Transmit) -> [[UInt8]] {
        guard !self.kept.isEmpty else { return [] }
        let taken = self.kept.filter { $0.path == path }.map(\.bytes)
        if !taken.isEmpty { self.kept.removeAll { $0.path == path } }
        return taken
    }

    /// Takes out all, in order.
    mutating func takeAll() -> [(path: Transmit, bytes: [UInt8])] {
        defer { self.kept = [] }
        return self.kept
    }

    mutating func removeAll() { self.kept = [] }
}

// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// One question for the addresses of a peer's `UUID.local` name, without sockets or a clock (RFC 6762 §5.1).
///
/// It is asked at 0, 1 and 3 seconds. The first answer starts a short wait for the address of the other family.
package struct MDNSQuery {
    /// How a query stands.
    enum State: Equatable {
        case asking
        /// At least one address came; the time for more is running.
        case answered
        /// Over; with what came, which may be nothing.
        case finished
    }

    /// What is asked for.
    package let name: DNSName
    let id: UInt16
    private(set) var state = State.asking
    /// What came so far.
    package private(set) var addresses: [IPAddress] = []
    private var nextQuestion: Instant?
    private var interval = Duration.seconds(1)
    private var end: Instant

    /// The most addresses taken for one name.
    static let addressLimit = 4
    /// How long it may take in all.
    static let limit = Duration.seconds(5)
    /// How long after the first answer others count.
    static let settling = Duration.milliseconds(50)

    init(name: DNSName, id: UInt16, at now: Instant) {
        self.name = name
        self.id = id
        self.nextQuestion = now
        self.end = now + Self.limit
    }

    /// The name for `text`, if it is a version of `UUID.local` as browsers make them; `nil` for anything else.
    ///
    /// Other names are not asked for: a peer must not make us look up the printers of our network.
    package static func name(_ text: String) -> DNSName? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let name = DNSName(text), name.bytes.suffix(7) == [5, 0x6C, 0x6F, 0x63, 0x61, 0x6C, 0]
        else { return nil }
        let groups = parts[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isHex = groups.allSatisfy { $0.allSatisfy(Self.isHexDigit) }
        return groups.map(\.count) == [8, 4, 4, 4, 12] && isHex ? name : nil
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// When `handleTimeout` must be called next; `nil` once finished.
    var nextTimeout: Instant? {
        guard self.state != .finished else { return nil }
        return min(self.end, self.nextQuestion ?? self.end)
    }

    /// Ends the query when its time is up; a question that is due is for `pollTransmit`.
    mutating func handleTimeout(at now: Instant) {
        if now >= self.end { self.state = .finished }
    }

    /// Writes the question if it is due; the caller sends it on every interface.
    mutating func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Bool {
        guard self.state == .asking, let due = self.nextQuestion, due <= now else { return false }
        self.nextQuestion = now + self.interval
        self.interval = self.interval * 2
        var message = DNSMessage()
        message.id = self.id
        message.questions = [
            .init(name: self.name, type: .a, wantsUnicast: true),
            .init(name: self.name, type: .aaaa, wantsUnicast: true),
        ]
        message.write(into: &writer)
        return true
    }

    /// Takes in a message that arrived.
    ///
    /// - Parameter isUnicast: whether it came to the port of this question alone; then it must carry its identifier
    ///   (RFC 6762 §6.7).
    mutating func receive(_ message: DNSMessage, isUnicast: Bool, at now: Instant) {
        guard self.state != .finished, message.isResponse, !isUnicast || message.id == self.id else { return }
        for record in message.addresses where record.name == self.name && record.timeToLive > 0 {
            guard self.addresses.count < Self.addressLimit else { break }
            let address = record.address.canonical
            guard !address.isUnspecified, !address.isMulticastOrBroadcast, !self.addresses.contains(address) else {
                continue
            }
            self.addresses.append(address)
            if self.addresses.count >= Self.addressLimit { self.state = .finished }
            guard self.state == .asking else { continue }
            self.state = .answered
            self.nextQuestion = nil
            self.end = min(self.end, now + Self.settling)
        }
    }
}

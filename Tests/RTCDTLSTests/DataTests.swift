// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCWire
import Testing

@Suite struct DataTests {
    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `Ten thousand records each way, of every size`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        let overhead = pair.client.endpoint.negotiated?.recordOverhead ?? 0
        var random = RandomSource.seeded(1)
        var memory = [UInt8](repeating: 0, count: 1_200)
        var wrong = 0
        for index in 0..<10_000 {
            let (sender, receiver) = index % 2 == 0 ? (pair.client, pair.server) : (pair.server, pair.client)
            let data = [UInt8](
                repeating: UInt8(truncatingIfNeeded: index), count: Int.random(in: 1...1_160, using: &random))
            var count = 0
            memory.withUnsafeMutableBytes { buffer in
                var writer = ByteWriter(buffer)
                if sender.endpoint.seal(data.span.bytes, into: &writer) { count = writer.count }
            }
            if count == 0 || count > data.count + overhead { wrong += 1 }
            var delivered = 0
            let record = memory.span.bytes.extracting(0..<count)
            receiver.endpoint.receive(record, at: pair.now) { plain in
                delivered += plain.byteCount == data.count && plain.byte(at: 0) == data.first ? 1 : 10
            }
            if delivered != 1 { wrong += 1 }
        }
        #expect(wrong == 0)
        #expect(pair.client.endpoint.statistics.recordsSealed == 5_000)
        #expect(pair.client.endpoint.statistics.recordsDelivered == 5_000)
        #expect(pair.client.drain(at: pair.now).isEmpty)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `Several records in one datagram all arrive, up to the first bad one`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        let records = (0..<8).compactMap { pair.client.seal([UInt8](repeating: UInt8($0), count: 100)) }
        pair.server.receive(records[0..<4].flatMap { $0 }, at: pair.now)
        #expect(pair.server.received.map { $0.first } == [0, 1, 2, 3])
        pair.server.receive(records[4] + records[5] + [22, 1, 2], at: pair.now)
        #expect(pair.server.received.count == 6)
        pair.server.receive(Array((records[6] + records[7]).dropLast(1)), at: pair.now)
        #expect(pair.server.received.count == 7)
        #expect(pair.areConnected)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `87: records that are repeated, forged or too old are dropped; the window holds 64 at least`(
        version: DTLSVersion
    ) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        let records = (0..<500).compactMap { pair.client.seal([UInt8(truncatingIfNeeded: $0)]) }
        // Newest first, within the window.
        for record in records[100..<164].reversed() { pair.server.receive(record, at: pair.now) }
        #expect(pair.server.received.count == 64)
        for record in records[100..<164] { pair.server.receive(record, at: pair.now) }
        #expect(pair.server.received.count == 64)
        pair.server.receive(records[499], at: pair.now)
        pair.server.receive(records[0], at: pair.now)
        #expect(pair.server.received.count == 65)
        #expect(pair.areConnected)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `N4: a record with any bit flipped is dropped and harms nothing`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        guard let record = pair.client.seal(Array("fragile".utf8)) else { return #expect(Bool(false)) }
        for bit in 0..<(record.count * 8) {
            var flipped = record
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            pair.server.receive(flipped, at: pair.now)
        }
        for count in 0..<record.count { pair.server.receive(Array(record.prefix(count)), at: pair.now) }
        #expect(pair.server.received.isEmpty)
        #expect(pair.areConnected)
        pair.server.receive(record, at: pair.now)
        #expect(pair.server.received.count == 1)
        #expect(pair.exchangeData())
    }

    @Test func `Sealing needs a connection, some data, and room`() {
        let pair = Pair()
        #expect(pair.client.seal([1]) == nil)
        pair.start()
        #expect(pair.client.seal([1]) == nil)
        pair.exchangeFingerprints()
        #expect(pair.run(for: .seconds(1)) { pair.areConnected })
        let overhead = pair.client.endpoint.negotiated?.recordOverhead ?? 0
        #expect(pair.client.seal([]) == nil)
        #expect(pair.client.seal([UInt8](repeating: 0, count: 16_385)) == nil)
        #expect(pair.client.seal([UInt8](repeating: 0, count: 1_000), capacity: 1_000 + overhead - 1) == nil)
        #expect(
            pair.client.seal([UInt8](repeating: 0, count: 1_000), capacity: 1_000 + overhead)?.count == 1_000 + overhead
        )
        #expect(
            pair.client.seal([UInt8](repeating: 7, count: 16_384)).map { pair.server.receive($0, at: pair.now) } != nil)
        #expect(pair.server.received.last?.count == 16_384)
        #expect(pair.client.endpoint.statistics.recordsSealed == 2)
    }

    @Test func `A record is written behind what the memory holds already`() {
        let pair = Pair()
        #expect(pair.connect())
        let both = [UInt8].writing(capacity: 1_000) { writer in
            let one: [UInt8] = [1]
            let two: [UInt8] = [2]
            _ = pair.client.endpoint.seal(one.span.bytes, into: &writer)
            _ = pair.client.endpoint.seal(two.span.bytes, into: &writer)
        }
        pair.server.receive(both ?? [], at: pair.now)
        #expect(pair.server.received == [[1], [2]])
    }

    @Test func `A datagram to send stays until there is room for it`() {
        let client = Peer(Certificates.client)
        client.endpoint.start(role: .client, at: .start)
        let tooSmall = [UInt8].writing(capacity: 100) { #expect(!client.endpoint.pollTransmit(into: &$0, at: .start)) }
        #expect(tooSmall == [])
        #expect(client.drain(at: .start).count == 2)
    }

    @Test func `An answer may be sealed from within delivery`() {
        let pair = Pair()
        #expect(pair.connect())
        let question = pair.client.seal([1, 2, 3]) ?? []
        var answer: [UInt8]?
        pair.server.endpoint.receive(question.span.bytes, at: pair.now) { data in
            answer = pair.server.seal(data.array)
        }
        pair.client.receive(answer ?? [], at: pair.now)
        #expect(pair.client.received == [[1, 2, 3]])
    }
}

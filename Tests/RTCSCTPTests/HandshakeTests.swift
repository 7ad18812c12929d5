// SPDX-License-Identifier: Apache-2.0

import RTCSimulation
import RTCWire
import Testing

@testable import RTCSCTP

/// Rows C4 to C6: how an association begins, and begins again.
@Suite struct HandshakeTests {
    @Test func `An INIT that may not be is dropped or aborted (C4, 106, 107, 108)`() {
        let peer = HandmadePeer()
        #expect(peer.send([.initiation(), .data(1, [1])], tag: 0).isEmpty)
        #expect(peer.send([.initiation()], tag: 5).isEmpty)
        #expect(peer.send([.initiation(tag: 0)], tag: 0).isEmpty)
        for bad in [Chunk.initiation(window: 1_499), .initiation(outbound: 0), .initiation(inbound: 0)] {
            #expect(peer.send([bad], tag: 0).map(\.type) == [6])
            #expect(u32(peer.packets[0], 4) == 0x1111)
        }
        let host = peer.send([.initiation(parameters: parameter(11, [104, 0]))], tag: 0)
        #expect(host.map(\.type) == [6])
        #expect(host[0].value == [0, 5, 0, 4])
        #expect(peer.send([.initiation(parameters: [0, 7, 0, 3])], tag: 0).isEmpty)
        #expect(peer.send([.initiation(parameters: [0, 7, 0, 40])], tag: 0).isEmpty)
        #expect(peer.association.state == .idle)
        // Addresses mean nothing, and do no harm.
        let addresses = parameter(5, [127, 0, 0, 1]) + parameter(12, [0, 5])
        #expect(peer.send([.initiation(parameters: addresses)], tag: 0).map(\.type) == [2])
    }

    @Test func `A bad INIT leaves a running association alone (C4, 107)`() {
        let peer = HandmadePeer.connected()
        #expect(peer.send([.initiation(window: 0)], tag: 0).map(\.type) == [6])
        #expect(peer.association.state == .established)
        #expect(peer.data([1]).map(\.type) == [3])
    }

    @Test func `Ten thousand INITs leave nothing behind (C4, 109)`() {
        let peer = HandmadePeer()
        for tag in 1...10_000 as ClosedRange<UInt32> {
            let answer = peer.send([.initiation(tag: tag)], tag: 0)
            #expect(answer.count == 1)
        }
        #expect(peer.association.state == .idle)
        #expect(peer.association.nextTimeout == nil)
        #expect(peer.events.isEmpty)
    }

    @Test func `Unknown parameters are reported by their high bits (111, 127)`() {
        let peer = HandmadePeer()
        let reported = parameter(0xC123, [1, 2, 3])
        let parameters = parameter(0x8123, [9]) + reported + parameter(0x4123, [4]) + parameter(0xC124, [5])
        let answer = peer.send([.initiation(parameters: parameters)], tag: 0)
        let all = answer[0].value
        let text = Array(all[16...])
        #expect(Self.contains(text, parameter(8, Array(reported.prefix(7)))))
        #expect(Self.contains(text, parameter(8, Array(parameter(0x4123, [4]).prefix(5)))))
        #expect(!Self.contains(text, [0xC1, 0x24]))
        #expect(!Self.contains(text, [0x81, 0x23]))
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        (0...(bytes.count - part.count)).contains { Array(bytes[$0..<($0 + part.count)]) == part }
    }

    @Test func `A forged cookie is dropped in silence (C5, 110)`() {
        let peer = HandmadePeer()
        let answer = peer.send([.initiation()], tag: 0)
        peer.theirTag = u32(answer[0].value, 0)
        let cookie = peer.cookie(of: answer[0])
        for index in cookie.indices {
            var forged = cookie
            forged[index] ^= 0x40
            #expect(peer.send([Chunk(type: 10, value: forged)]).isEmpty)
        }
        for count in 0..<cookie.count {
            #expect(peer.send([Chunk(type: 10, value: Array(cookie.prefix(count)))]).isEmpty)
        }
        #expect(peer.send([Chunk(type: 10, value: cookie)], tag: peer.theirTag ^ 1).isEmpty)
        #expect(peer.association.state == .idle)
        #expect(peer.send([Chunk(type: 10, value: cookie)]).map(\.type) == [11])
        #expect(peer.association.state == .established)
        // The peer's duplicate is answered, and changes nothing (C6, action D).
        #expect(peer.send([Chunk(type: 10, value: cookie)]).map(\.type) == [11])
        #expect(peer.events.count == 1)
    }

    @Test func `A cookie that is too old is called stale (C5, 110)`() {
        let peer = HandmadePeer()
        let answer = peer.send([.initiation()], tag: 0)
        peer.theirTag = u32(answer[0].value, 0)
        _ = peer.wait(.seconds(61))
        let error = peer.send([Chunk(type: 10, value: peer.cookie(of: answer[0]))])
        #expect(error == [Chunk(type: 9, value: [0, 3, 0, 8] + be(UInt32(1_000_000)))])
        #expect(peer.association.state == .idle)
    }

    @Test func `Our own stale cookie is asked for anew`() {
        let peer = HandmadePeer()
        peer.association.connect(at: peer.now)
        #expect(peer.drain().map(\.type) == [1])
        peer.theirTag = peer.association.local.tag
        let ack = Chunk(type: 2, value: Chunk.initiation(parameters: parameter(7, [1, 2, 3])).value)
        #expect(peer.send([ack]).map(\.type) == [10])
        #expect(peer.send([Chunk(type: 9, value: [0, 3, 0, 8, 0, 0, 0, 9])]).map(\.type) == [1])
        #expect(peer.send([ack]).map(\.type) == [10])
        #expect(peer.send([Chunk(type: 11)]).isEmpty)
        #expect(peer.association.state == .established)
    }

    @Test func `INIT ACK and COOKIE ACK count only where they belong (C6)`() {
        let peer = HandmadePeer.connected()
        let ack = Chunk(type: 2, value: Chunk.initiation(parameters: parameter(7, [1, 2, 3])).value)
        #expect(peer.send([ack]).isEmpty)
        #expect(peer.send([Chunk(type: 11)]).isEmpty)
        #expect(peer.association.state == .established)
        #expect(peer.events.count == 1)
    }

    @Test func `An INIT ACK without a cookie ends the attempt (111)`() {
        let peer = HandmadePeer()
        peer.association.connect(at: peer.now)
        _ = peer.drain()
        peer.theirTag = peer.association.local.tag
        let answer = peer.send([Chunk(type: 2, value: Chunk.initiation().value)])
        #expect(answer.map(\.type) == [6])
        #expect(answer[0].value.prefix(2) == [0, 2])
        #expect(peer.events == [.closed(.protocolViolation(.invalidInit))])
    }

    @Test func `An INIT ACK of more than 1500 bytes is taken, if its cookie fits (111)`() {
        let peer = HandmadePeer()
        peer.association.connect(at: peer.now)
        _ = peer.drain()
        peer.theirTag = peer.association.local.tag
        let parameters =
            parameter(7, [UInt8](repeating: 5, count: 1_000)) + parameter(0x8005, [UInt8](repeating: 0, count: 3_000))
        #expect(peer.send([Chunk(type: 2, value: Chunk.initiation(parameters: parameters).value)]).map(\.type) == [10])
    }

    @Test func `A peer that restarts gets a new association with streams from the start (C5, 113)`() throws {
        let peer = HandmadePeer.connected()
        _ = peer.data([1])
        try peer.association.send([2], stream: StreamID(3), ppid: .binary, isOrdered: true, at: peer.now)
        #expect(peer.drain().map(\.type) == [0])
        let answer = peer.send([.initiation(tag: 0x2222, tsn: 5_000)], tag: 0)
        #expect(answer.map(\.type) == [2])
        #expect(u32(answer[0].value, 0) != peer.theirTag)
        // Until the cookie comes the old association goes on.
        #expect(!peer.data([3], ssn: 1).isEmpty)
        peer.theirTag = u32(answer[0].value, 0)
        let theirTSN = u32(answer[0].value, 12)
        peer.tag = 0x2222
        #expect(peer.send([Chunk(type: 10, value: peer.cookie(of: answer[0]))]).first?.type == 11)
        #expect(u32(peer.packets[0], 4) == 0x2222)
        #expect(peer.events.last == .restarted)
        #expect(peer.association.retainedBytes == 0)
        #expect(!peer.send([.data(5_000, ssn: 0, [4])]).isEmpty)
        #expect(peer.messages == [[1], [3], [4]])
        try peer.association.send([5], stream: StreamID(3), ppid: .binary, isOrdered: true, at: peer.now)
        let data = peer.drain()
        #expect(data.map(\.type) == [0])
        #expect(u32(data[0].value, 0) == theirTSN)
        #expect(u16(data[0].value, 6) == 0)
    }

    @Test func `A cookie with foreign tie-tags restarts nothing (113)`() {
        let peer = HandmadePeer.connected()
        let first = peer.send([.initiation(tag: 0x2222)], tag: 0)
        // The association is another one by the time this cookie comes.
        let second = peer.send([.initiation(tag: 0x3333)], tag: 0)
        #expect(
            peer.send([Chunk(type: 10, value: peer.cookie(of: second[0]))], tag: u32(second[0].value, 0)).first?.type
                == 11)
        #expect(peer.events.last == .restarted)
        let count = peer.events.count
        #expect(peer.send([Chunk(type: 10, value: peer.cookie(of: first[0]))], tag: u32(first[0].value, 0)).isEmpty)
        #expect(peer.events.count == count)
    }

    @Test func `T1 sends INIT again at the agreed times (G2)`() {
        var configuration = SCTPConfiguration()
        configuration.roundTripTimeHint = .milliseconds(50)
        let peer = HandmadePeer(configuration: configuration)
        peer.association.connect(at: peer.now)
        _ = peer.drain()
        var times: [Duration] = []
        let start = peer.now
        for _ in 0..<4 {
            guard let next = peer.association.nextTimeout else { break }
            peer.now = next.at
            peer.association.handleTimeout(at: peer.now)
            #expect(peer.drain().map(\.type) == [1])
            times.append(peer.now - start)
        }
        #expect(times == [.milliseconds(200), .milliseconds(600), .milliseconds(1_400), .milliseconds(2_200)])
    }

    @Test func `Closing works in every state, and is said once`() {
        for depth in 0...4 {
            for isAbort in [true, false] {
                let pair = Pair(seed: UInt64(depth), conditions: .init(delay: .milliseconds(10)))
                if depth > 0 {
                    pair.a.association.connect(at: pair.now)
                    pair.b.association.connect(at: pair.now)
                    pair.run(for: .milliseconds(depth * 10 - 5))
                }
                if isAbort { pair.a.association.abort(at: pair.now) } else { pair.a.association.shutdown(at: pair.now) }
                pair.run(for: .seconds(3))
                #expect(pair.a.association.state == .closed)
                #expect(pair.a.events.filter { if case .closed = $0 { true } else { false } }.count == 1)
                #expect(pair.a.association.nextTimeout == nil)
                #expect(throws: SCTPError.closed) {
                    try pair.a.association.send([1], stream: StreamID(0), ppid: .binary, isOrdered: true, at: pair.now)
                }
            }
        }
    }
}

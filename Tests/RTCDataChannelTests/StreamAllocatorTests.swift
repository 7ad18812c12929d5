// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCDataChannel

@Suite struct StreamAllocatorTests {
    @Test func `140: the client takes even streams, the server odd ones, lowest first`() {
        var streams = StreamAllocator()
        #expect((0..<3).map { _ in streams.allocate(for: .client, below: 65_535) } == [0, 2, 4])
        #expect((0..<3).map { _ in streams.allocate(for: .server, below: 65_535) } == [1, 3, 5])
        #expect(DataChannelRole.client.mayOpen(0) && !DataChannelRole.client.mayOpen(65_533))
        #expect(!DataChannelRole.server.mayOpen(0) && DataChannelRole.server.mayOpen(65_533))
    }

    @Test func `148: a stream is reserved once`() {
        var streams = StreamAllocator()
        let results = [0, 2, 0, 65_534, 65_534, 65_535].map { streams.reserve($0) }
        #expect(results == [true, true, false, true, false, false])
        #expect(streams.count == 3)
        #expect(streams.allocate(for: .client, below: 65_535) == 4)
    }

    @Test func `C18: all 65,535 streams can be had, not one more, and each again when it is given back`() {
        var streams = StreamAllocator()
        var even = 0
        while streams.allocate(for: .client, below: 65_535) != nil { even += 1 }
        #expect(even == 32_768)
        var odd = 0
        while streams.allocate(for: .server, below: 65_535) != nil { odd += 1 }
        #expect(odd == 32_767)
        #expect(streams.count == 65_535)
        for stream: UInt16 in [65_534, 40_000, 1] {
            streams.release(stream)
            streams.release(stream)
            #expect(streams.count == 65_534)
            #expect(streams.allocate(for: stream % 2 == 0 ? .client : .server, below: 65_535) == stream)
        }
    }

    @Test func `the limit of the association holds`() {
        var streams = StreamAllocator()
        #expect((0..<4).map { _ in streams.allocate(for: .client, below: 5) } == [0, 2, 4, nil])
        #expect((0..<3).map { _ in streams.allocate(for: .server, below: 5) } == [1, 3, nil])
        #expect(streams.allocate(for: .server, below: 0) == nil)
        #expect(streams.allocate(for: .server, below: 100) == 5)
    }

    @Test func `random use agrees with a plain set`() {
        var random = RandomSource.seeded(18)
        var streams = StreamAllocator()
        var model: Set<UInt16> = []
        for _ in 0..<4_000 {
            let stream = UInt16.random(in: 0..<300, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                #expect(streams.reserve(stream) == model.insert(stream).inserted)
            case 1:
                streams.release(stream)
                model.remove(stream)
            default:
                let role: DataChannelRole = stream % 2 == 0 ? .client : .server
                let lowest = (UInt16(0)..<300).first { role.mayOpen($0) && !model.contains($0) }
                #expect(streams.allocate(for: role, below: 300) == lowest)
                if let lowest { model.insert(lowest) }
            }
            #expect(streams.count == model.count)
        }
    }
}

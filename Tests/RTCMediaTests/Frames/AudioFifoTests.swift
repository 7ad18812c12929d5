// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct AudioFifoTests {
    private func ramp(_ range: Range<Int>, pts: Int64? = nil) throws -> AudioFrame {
        var frame = try AudioFrame(range.map { Int16($0) }, sampleRate: 8_000)
        frame.pts = pts
        return frame
    }

    @Test func `Frames of any length become frames of one length, in order and in time`() throws {
        var fifo = AudioFifo(samplesPerFrame: 100)
        var start = 0
        var all: [Int16] = []
        for size in [1, 250, 99, 3, 100, 47] {
            fifo.append(try ramp(start..<start + size, pts: Int64(5_000 + start)))
            start += size
            while let frame = fifo.next() {
                #expect(frame.samples == 100)
                #expect(frame.pts == Int64(5_000 + all.count))
                all += frame.samples(as: Int16.self)
            }
        }
        #expect(all == (0..<500).map { Int16($0) })
        fifo.finish()
        #expect(fifo.count == 0)
    }

    @Test func `What is left at the end is filled up with silence`() throws {
        var fifo = AudioFifo(samplesPerFrame: 4)
        fifo.append(try ramp(1..<7))
        fifo.finish()
        #expect(fifo.next()?.samples(as: Int16.self) == [1, 2, 3, 4])
        #expect(fifo.next()?.samples(as: Int16.self) == [5, 6, 0, 0])
        #expect(fifo.next() == nil)
    }

    @Test func `A gap or another format begins a new frame`() throws {
        var fifo = AudioFifo(samplesPerFrame: 4)
        fifo.append(try ramp(1..<4, pts: 0))
        fifo.append(try ramp(4..<10, pts: 1_000))
        #expect(fifo.next()?.samples(as: Int16.self) == [1, 2, 3, 0])
        let second = fifo.next()
        #expect(second?.samples(as: Int16.self) == [4, 5, 6, 7])
        #expect(second?.pts == 1_000)
        fifo.append(AudioFrame(format: .f32p, layout: .stereo, samples: 4, sampleRate: 48_000))
        #expect(fifo.next()?.samples(as: Int16.self) == [8, 9, 0, 0])
        let third = fifo.next()
        #expect(third?.format == .f32 && third?.layout == .stereo)
    }

    @Test func `Frames that nobody takes do not pile up`() throws {
        var fifo = AudioFifo(samplesPerFrame: 2, capacity: 3)
        fifo.append(try ramp(0..<10))
        #expect(fifo.count == 3 && fifo.droppedFrames == 2)
        #expect(fifo.next()?.samples(as: Int16.self) == [4, 5])
    }
}

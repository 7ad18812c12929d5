// SPDX-License-Identifier: Apache-2.0
import RTCMedia
import Testing

@Suite struct FramePaceTests {
    @Test func `Frames as fast as announced last as long as announced, with jitter too`() {
        var pace = FramePace(framerate: 30)
        for index in 0..<300 { pace.frame(at: Double(index) / 30 + (index % 2 == 0 ? 0.004 : 0)) }
        #expect((2_900...3_300).contains(pace.interval), "\(pace.interval)")
        #expect((29...31.1).contains(pace.framerate))
    }

    @Test func `A source that slows down is followed`() {
        var pace = FramePace(framerate: 30)
        for index in 0..<60 { pace.frame(at: Double(index) / 10) }
        #expect((9.5...10.5).contains(pace.framerate), "\(pace.framerate)")
    }

    @Test func `Time goes on, whatever the source says`() {
        var pace = FramePace(framerate: 30)
        var last = pace.time
        let times: [Double?] = [5, 5, 4, nil, 1e300, -1e300, .nan, .infinity, 0, 5_000, 5_000.01, nil, nil, 1]
        for time in times {
            pace.frame(at: time)
            #expect(pace.time > last && pace.time - last <= 90_000)
            last = pace.time
        }
        #expect(pace.interval == 3_000)
    }

    @Test func `Absurd rates are taken as the nearest sensible ones`() {
        for rate in [0, -1, .nan, .infinity, 1e300, -.infinity, 1e-300] {
            var pace = FramePace(framerate: rate)
            #expect((90_000 / 240...90_000).contains(pace.interval), "\(rate)")
            pace.update(framerate: 15)
            #expect(pace.interval == 6_000)
        }
    }
}

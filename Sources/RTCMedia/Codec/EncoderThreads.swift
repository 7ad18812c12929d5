// SPDX-License-Identifier: Apache-2.0

/// How many threads a video encoder works with.
package enum EncoderThreads {
    /// One up to 1080p, which it manages several times over; for larger pictures half of the processors, four at most.
    ///
    /// libvpx' threads wait for each other in a loop: on a machine that has other work too, two of them take twenty times
    /// as long as one.
    package static func count(pixels: Int, processors: Int) -> Int {
        pixels > 1_920 * 1_088 ? min(max(processors / 2, 1), 4) : 1
    }
}

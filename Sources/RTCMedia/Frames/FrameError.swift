// SPDX-License-Identifier: Apache-2.0

/// Why a frame could not be made or filled.
public enum FrameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A width or height outside of 1 to ``VideoFrame/maxDimension``.
    case dimensions(width: Int, height: Int)
    /// A frame of `count` planes or channels has none of this number.
    case index(Int, count: Int)
    /// Not as many planes as the format has.
    case planeCount(Int, expected: Int)
    /// Not as many bytes, or samples of all channels together, as the frame needs.
    case size(Int, expected: Int)
    /// Rows that would overlap: fewer bytes from one to the next than are used of each.
    case stride(Int, atLeast: Int)
    /// A sample rate that cannot be.
    case sampleRate(Int)

    /// What does not fit, in words.
    public var description: String {
        switch self {
        case .dimensions(let width, let height):
            "a frame is 1 to \(VideoFrame.maxDimension) pixels wide and high, not \(width)x\(height)"
        case .index(let index, let count): "there is no number \(index) of \(count)"
        case .planeCount(let count, let expected): "\(count) planes were given, the format has \(expected)"
        case .size(let count, let expected): "\(count) were given where the frame takes \(expected)"
        case .stride(let stride, let least): "a row takes \(least) bytes, but the next begins after \(stride)"
        case .sampleRate(let rate): "\(rate) is no sample rate"
        }
    }
}

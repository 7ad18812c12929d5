// SPDX-License-Identifier: Apache-2.0

internal import RTC

extension CallWishes.Transform {
    /// What becomes of a picture.
    func apply(to frame: VideoFrame) -> VideoFrame {
        switch self {
        case .none: frame
        case .mirror: frame.mirrored()
        case .edges: frame.edges()
        }
    }
}

extension VideoFrame {
    /// The outlines of a picture: white where the brightness changes quickly, by Sobel's operator.
    fileprivate func edges() -> VideoFrame {
        let source = self.converted(to: .yuv420p)
        var result = VideoFrame(width: source.width, height: source.height)
        result.pts = self.pts
        result.timeBase = self.timeBase
        result.rotation = self.rotation
        source.withUnsafeBytes { from, planes in
            result.withUnsafeMutableBytes { to, _ in
                to.update(repeating: 128)
                let luma = planes[0]
                for row in 0..<luma.height {
                    let above = luma.offset + max(row - 1, 0) * luma.stride
                    let here = luma.offset + row * luma.stride
                    let below = luma.offset + min(row + 1, luma.height - 1) * luma.stride
                    for column in 0..<luma.width {
                        let left = max(column - 1, 0)
                        let right = min(column + 1, luma.width - 1)
                        func at(_ start: Int, _ offset: Int) -> Int { Int(from[start + offset]) }
                        let across =
                            at(above, right) + 2 * at(here, right) + at(below, right)
                            - at(above, left) - 2 * at(here, left) - at(below, left)
                        let down =
                            at(below, left) + 2 * at(below, column) + at(below, right)
                            - at(above, left) - 2 * at(above, column) - at(above, right)
                        to[here + column] = abs(across) + abs(down) > 200 ? 235 : 16
                    }
                }
            }
        }
        return result
    }
}

// SPDX-License-Identifier: Apache-2.0

// Pictures turned and mirrored.
extension VideoFrame {
    /// The picture as it is to be seen: turned by ``rotation``, which is then ``Rotation/none``.
    public func rotated() -> VideoFrame {
        var result = self.rotated(by: self.rotation)
        result.rotation = .none
        return result
    }

    /// The pixels turned clockwise; ``rotation`` stays as it is.
    public func rotated(by rotation: Rotation) -> VideoFrame {
        switch rotation {
        case .none: self
        case .clockwise90:
            self.remapped(width: self.height, height: self.width) { plane, size in
                Walk(start: (plane.height - 1) * plane.stride, right: -plane.stride, down: size)
            }
        case .clockwise180:
            self.remapped(width: self.width, height: self.height) { plane, size in
                Walk(
                    start: (plane.height - 1) * plane.stride + plane.width - size, right: -size, down: -plane.stride)
            }
        case .clockwise270:
            self.remapped(width: self.height, height: self.width) { plane, size in
                Walk(start: plane.width - size, right: plane.stride, down: -size)
            }
        }
    }

    /// The pixels with left and right exchanged; ``rotation`` stays as it is.
    public func mirrored() -> VideoFrame {
        self.remapped(width: self.width, height: self.height) { plane, size in
            Walk(start: plane.width - size, right: -size, down: plane.stride)
        }
    }

    /// How to go through the bytes of a plane so that they come in the order of the new one.
    private struct Walk {
        var start: Int
        var right: Int
        var down: Int
    }

    private func remapped(
        width: Int, height: Int, _ walk: (_ plane: PlaneLayout, _ elementSize: Int) -> Walk
    ) -> VideoFrame {
        var result = VideoFrame(unwrittenWidth: width, height: height, format: self.format) { target, planes in
            self.storage.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                for (index, plane) in planes.enumerated() {
                    let size = self.format.elementSize(ofPlane: index)
                    let walk = walk(self.layout[index], size)
                    Self.follow(
                        walk, from: from + self.layout[index].offset, to: to + plane.offset, plane: plane, size: size)
                }
            }
        }
        result.copyProperties(of: self)
        return result
    }

    private static func follow(
        _ walk: Walk, from: UnsafePointer<UInt8>, to: UnsafeMutablePointer<UInt8>, plane: PlaneLayout, size: Int
    ) {
        let count = plane.width / size
        for row in 0..<plane.height {
            var source = from + walk.start + row * walk.down
            var target = to + row * plane.stride
            for _ in 0..<count {
                for byte in 0..<size { target[byte] = source[byte] }
                source += walk.right
                target += size
            }
        }
    }
}

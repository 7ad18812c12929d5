// SPDX-License-Identifier: Apache-2.0

/// What each place of a shorter or longer row takes from which places of the original one.
///
/// Enlarging interpolates between two neighbours; reducing takes the mean of everything that a new place covers, so
/// that no line is lost.
private struct ScalingTaps {
    /// The first original place that counts, and where its factors begin.
    private(set) var starts: [(place: Int, factors: Int, count: Int)] = []
    /// With 14 binary places; those of each new place add up to 1.
    private(set) var factors: [Int32] = []

    static let one: Int32 = 1 << 14

    init(from old: Int, to new: Int) {
        let ratio = Double(old) / Double(new)
        for index in 0..<new {
            if new >= old {
                let center = (Double(index) + 0.5) * ratio - 0.5
                let place = max(0, min(Int(center.rounded(.down)), old - 1))
                let share = max(0, min(1, center - Double(place)))
                self.add(from: place, shares: place + 1 < old ? [1 - share, share] : [1])
            } else {
                let (from, to) = (Double(index) * ratio, Double(index + 1) * ratio)
                let first = min(Int(from), old - 1)
                let last = max(first, min(Int(to.rounded(.up)) - 1, old - 1))
                self.add(
                    from: first,
                    shares: (first...last).map { max(0, min(to, Double($0 + 1)) - max(from, Double($0))) })
            }
        }
    }

    private mutating func add(from place: Int, shares: [Double]) {
        let sum = shares.reduce(0, +)
        var factors = shares.map { Int32(($0 / sum * Double(Self.one)).rounded()) }
        let rest = Self.one - factors.reduce(0, +)
        factors[factors.count / 2] += rest
        self.starts.append((place, self.factors.count, factors.count))
        self.factors += factors
    }
}

/// Writes planes in another size.
struct PlaneScaler {
    private let elementSize: Int
    private let horizontal: ScalingTaps
    private let vertical: ScalingTaps

    /// For planes of `elementSize` bytes a place and these sizes in bytes and rows.
    init(from source: PlaneLayout, to target: PlaneLayout, elementSize: Int) {
        self.elementSize = elementSize
        self.horizontal = ScalingTaps(from: source.width / elementSize, to: target.width / elementSize)
        self.vertical = ScalingTaps(from: source.height, to: target.height)
    }

    /// Writes the whole plane; pointers are to its first byte.
    func scale(
        from source: UnsafePointer<UInt8>, _ layout: PlaneLayout, to target: UnsafeMutablePointer<UInt8>,
        _ targetLayout: PlaneLayout
    ) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: layout.width) { buffer in
            guard let row = buffer.baseAddress else { return }
            for (y, taps) in self.vertical.starts.enumerated() {
                row.initialize(repeating: 32, count: layout.width)
                for index in 0..<taps.count {
                    let factor = self.vertical.factors[taps.factors + index]
                    let line = source + (taps.place + index) * layout.stride
                    for x in 0..<layout.width { row[x] = row[x] &+ factor &* Int32(line[x]) }
                }
                // 8 of 14 binary places are kept, so that the next sum fits in 32 bits.
                for x in 0..<layout.width { row[x] = row[x] &>> 6 }
                self.scaleRow(row, to: target + y * targetLayout.stride)
            }
        }
    }

    private func scaleRow(_ row: UnsafeMutablePointer<Int32>, to target: UnsafeMutablePointer<UInt8>) {
        let size = self.elementSize
        self.horizontal.factors.withUnsafeBufferPointer { factors in
            self.horizontal.starts.withUnsafeBufferPointer { starts in
                var to = target
                for taps in starts {
                    let first = row + taps.place &* size
                    if taps.count == 2 {
                        // Enlarging and halving, without an inner loop.
                        let (one, other) = (factors[taps.factors], factors[taps.factors &+ 1])
                        for byte in 0..<size {
                            let sum = one &* first[byte] &+ other &* first[byte &+ size]
                            to[byte] = UInt8(truncatingIfNeeded: (sum &+ 1 << 21) &>> 22)
                        }
                    } else {
                        for byte in 0..<size {
                            var sum: Int32 = 1 << 21
                            var place = byte
                            for index in taps.factors..<taps.factors &+ taps.count {
                                sum = sum &+ factors[index] &* first[place]
                                place = place &+ size
                            }
                            to[byte] = UInt8(truncatingIfNeeded: sum &>> 22)
                        }
                    }
                    to += size
                }
            }
        }
    }
}

extension VideoFrame {
    /// The picture in another size, stretched if the sides have another ratio.
    ///
    /// Sizes outside of 1 to ``maxDimension`` are a programming error.
    public func scaled(width: Int, height: Int) -> VideoFrame {
        guard width != self.width || height != self.height else { return self }
        var result = VideoFrame(unwrittenWidth: width, height: height, format: self.format) { target, planes in
            self.storage.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                for (index, plane) in planes.enumerated() {
                    let own = self.layout[index]
                    PlaneScaler(from: own, to: plane, elementSize: self.format.elementSize(ofPlane: index))
                        .scale(from: from + own.offset, own, to: to + plane.offset, plane)
                }
            }
        }
        result.copyProperties(of: self)
        return result
    }
}

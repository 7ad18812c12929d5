// SPDX-License-Identifier: Apache-2.0

/// How much of each channel of one layout goes to each of another (ITU-R BS.775-4 Annex 4 for 5.1).
///
/// Rows that would exceed full scale are made smaller, so that nothing is cut off. Low frequencies are left out of
/// fewer channels, as there.
struct MixingMatrix {
    /// For each target channel a factor for each source channel.
    let rows: [[Float]]

    init(from source: AudioFrame.Layout, to target: AudioFrame.Layout) {
        let half = Float(0.5).squareRoot()
        let whole = 1 + 2 * half
        let (front, side) = (1 / whole, half / whole)
        self.rows =
            switch (source, target) {
            case (.mono, .mono): [[1]]
            case (.mono, .stereo): [[1], [1]]
            // A voice stays in the middle.
            case (.mono, .surround51): [[0], [0], [1], [0], [0], [0]]
            case (.stereo, .mono): [[0.5, 0.5]]
            case (.stereo, .stereo): [[1, 0], [0, 1]]
            case (.stereo, .surround51): [[1, 0], [0, 1], [0, 0], [0, 0], [0, 0], [0, 0]]
            case (.surround51, .mono): [[front / 2, front / 2, side, 0, side / 2, side / 2]]
            case (.surround51, .stereo): [[front, 0, side, 0, side, 0], [0, front, side, 0, 0, side]]
            case (.surround51, .surround51): (0..<6).map { row in (0..<6).map { $0 == row ? 1 : 0 } }
            }
    }
}

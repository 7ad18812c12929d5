// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTCMedia

/// Files made by FFmpeg (`Fixtures/make.py`), and frames as arrays.
enum Fixture {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: self.folder.appending(path: name)))
    }

    /// 16-bit samples, low byte first.
    static func samples(_ name: String) throws -> [Int16] {
        let bytes = try self.bytes(name)
        return stride(from: 0, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }
}

extension AudioFrame {
    /// A frame of s16 mono.
    init(_ samples: [Int16], rate: Int) {
        self.init(
            format: .s16, layout: .mono, samples: samples.count, sampleRate: rate,
            storage: samples.withUnsafeBytes { [UInt8]($0) })
    }

    /// The samples of a frame of s16 mono.
    var numbers: [Int16] { self.storage.withUnsafeBytes { [Int16]($0.bindMemory(to: Int16.self)) } }
}

extension [Int16] {
    /// The root of the mean square.
    var level: Double {
        (self.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(Swift.max(self.count, 1))).squareRoot()
    }

    /// The largest step from a sample to the next.
    var largestStep: Int { zip(self, self.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0 }
}

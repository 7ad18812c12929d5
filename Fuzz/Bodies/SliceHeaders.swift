// SPDX-License-Identifier: Apache-2.0

internal import RTCCodecH264
internal import RTCWire

extension FuzzBody {
    /// A quantizer that is read from the headers of an H.264 access unit is one that can be.
    static let sliceHeaders = FuzzBody("slice-headers") { bytes in
        var headers = SliceHeaders()
        for _ in 0..<2 {
            if let quantizer = headers.quantizer(of: bytes.array) { precondition((0...51).contains(quantizer)) }
        }
    }
}

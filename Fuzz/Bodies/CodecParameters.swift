// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCWire

extension FuzzBody {
    /// The value of a format parameter is a trimmed part of the line, and each name leads to one.
    static let codecParameters = FuzzBody("codec-parameters") { bytes in
        let line = String(decoding: bytes.array, as: UTF8.self)
        let codec = RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2, sdpFmtpLine: line)
        for name in ["stereo", "ptime", "packetization-mode", "", "="] {
            if let value = codec.parameter(name) {
                precondition(!value.contains(";") && value.first?.isWhitespace != true && line.contains(value))
            }
            if let number = codec.number(name) { precondition(number >= 0) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

// snippet.show
import RTC

/// Sound without compression, 16 kHz (RFC 3551 §4.5.11).
struct L16Codec: AudioCodec {
    let formats = [RTCRtpCodec(mimeType: "audio/L16", clockRate: 16_000)]
    let payloadFormat = RTPPayloadFormat.single

    func makeEncoder(for format: RTCRtpCodec, settings: AudioEncoderSettings) -> any AudioEncoder { L16Coder() }
    func makeDecoder(for format: RTCRtpCodec) -> any AudioDecoder { L16Coder() }
}

private final class L16Coder: AudioEncoder, AudioDecoder {
    let sampleRate = 16_000
    let layout = AudioFrame.Layout.mono
    let samplesPerPacket = 320

    func encode(_ frame: AudioFrame) -> [UInt8]? {
        frame.samples(as: Int16.self).flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    func update(_ settings: AudioEncoderSettings) {}

    func decode(_ packet: [UInt8]) throws(CodecError) -> AudioFrame {
        let samples = stride(from: 0, to: packet.count - 1, by: 2).map { index in
            Int16(packet[index]) << 8 | Int16(packet[index + 1])
        }
        guard let frame = try? AudioFrame(samples, sampleRate: self.sampleRate) else {
            throw CodecError("\(packet.count) bytes are no sound")
        }
        return frame
    }

    func conceal(samples: Int, next: [UInt8]?) -> AudioFrame {
        AudioFrame(samples: samples, sampleRate: self.sampleRate)
    }
}
// snippet.hide

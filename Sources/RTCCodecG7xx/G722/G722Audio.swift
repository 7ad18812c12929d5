// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// Makes a byte of each two samples.
final class G722AudioEncoder: AudioEncoder {
    let sampleRate = 16_000
    let layout = AudioFrame.Layout.mono
    private(set) var samplesPerPacket: Int
    private var encoder = G722Encoder()

    init(settings: AudioEncoderSettings) {
        self.samplesPerPacket = MonoFormat.samples(in: settings.packetTime, sampleRate: 16_000)
    }

    func encode(_ frame: AudioFrame) throws(CodecError) -> [UInt8]? {
        let samples = try MonoFormat.samples(of: frame, count: self.samplesPerPacket, sampleRate: self.sampleRate)
        return stride(from: 0, to: samples.count - 1, by: 2).map { self.encoder.encode(samples[$0], samples[$0 + 1]) }
    }

    func update(_ settings: AudioEncoderSettings) {
        self.samplesPerPacket = MonoFormat.samples(in: settings.packetTime, sampleRate: self.sampleRate)
    }
}

/// Makes two samples of each byte.
final class G722AudioDecoder: AudioDecoder {
    private var decoder = G722Decoder()
    private var concealer = LossConcealer(sampleRate: 16_000)

    func decode(_ packet: [UInt8]) throws(CodecError) -> AudioFrame {
        guard !packet.isEmpty else { throw CodecError("a G.722 packet without samples cannot be decoded") }
        var samples: [Int16] = []
        samples.reserveCapacity(2 * packet.count)
        for byte in packet {
            let (first, second) = self.decoder.decode(byte)
            samples.append(first)
            samples.append(second)
        }
        self.concealer.received(&samples)
        return MonoFormat.frame(samples, sampleRate: 16_000)
    }

    func conceal(samples: Int, next: [UInt8]?) throws(CodecError) -> AudioFrame {
        MonoFormat.frame(self.concealer.conceal(samples), sampleRate: 16_000)
    }
}

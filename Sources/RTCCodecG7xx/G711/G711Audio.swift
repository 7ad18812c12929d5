// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// Makes a byte of each sample.
final class G711AudioEncoder: AudioEncoder {
    let sampleRate = 8_000
    let layout = AudioFrame.Layout.mono
    private(set) var samplesPerPacket: Int
    private let law: CompandingLaw

    init(law: CompandingLaw, settings: AudioEncoderSettings) {
        self.law = law
        self.samplesPerPacket = MonoFormat.samples(in: settings.packetTime, sampleRate: 8_000)
    }

    func encode(_ frame: AudioFrame) throws(CodecError) -> [UInt8]? {
        try MonoFormat.samples(of: frame, count: self.samplesPerPacket, sampleRate: self.sampleRate).map(
            self.law.encode)
    }

    func update(_ settings: AudioEncoderSettings) {
        self.samplesPerPacket = MonoFormat.samples(in: settings.packetTime, sampleRate: self.sampleRate)
    }
}

/// Makes a sample of each byte.
final class G711AudioDecoder: AudioDecoder {
    private let law: CompandingLaw
    private var concealer = LossConcealer(sampleRate: 8_000)

    init(law: CompandingLaw) { self.law = law }

    func decode(_ packet: [UInt8]) throws(CodecError) -> AudioFrame {
        guard !packet.isEmpty else { throw CodecError("a G.711 packet without samples cannot be decoded") }
        var samples = packet.map(self.law.decode)
        self.concealer.received(&samples)
        return MonoFormat.frame(samples, sampleRate: 8_000)
    }

    func conceal(samples: Int, next: [UInt8]?) throws(CodecError) -> AudioFrame {
        MonoFormat.frame(self.concealer.conceal(samples), sampleRate: 8_000)
    }
}

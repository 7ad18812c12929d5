// SPDX-License-Identifier: Apache-2.0

public import RTCMedia
internal import RTCWire

/// Plays the noise that a peer describes in place of silence, packets of the format `CN` (RFC 3389).
///
/// A packet is sent when the noise changes; until the next, ``conceal(samples:next:)`` goes on with it.
public final class ComfortNoiseDecoder: AudioDecoder {
    private let sampleRate: Int
    private let samplesPerPacket: Int
    private var synthesizer = NoiseSynthesizer()

    /// A decoder that makes `sampleRate` samples a second, s16 mono: the rate of the sound between the silences.
    public init(sampleRate: Int = 8_000) {
        self.sampleRate = max(sampleRate, 1_000)
        self.samplesPerPacket = self.sampleRate / 50
    }

    /// Takes the noise that a packet describes, and makes 20 ms of it.
    public func decode(_ packet: [UInt8]) throws(CodecError) -> AudioFrame {
        guard let noise = ComfortNoise(packet.span.bytes) else {
            throw CodecError("a comfort noise packet without a level cannot be played")
        }
        self.synthesizer.set(noise)
        return MonoFormat.frame(self.synthesizer.make(self.samplesPerPacket), sampleRate: self.sampleRate)
    }

    /// More of the last noise; silence before the first packet.
    public func conceal(samples: Int, next: [UInt8]?) throws(CodecError) -> AudioFrame {
        MonoFormat.frame(self.synthesizer.make(samples), sampleRate: self.sampleRate)
    }
}

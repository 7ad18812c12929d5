// SPDX-License-Identifier: Apache-2.0
#if Opus
    internal import COpus
    internal import RTCMedia

    /// Makes 48 kHz stereo sound from Opus packets.
    final class OpusAudioDecoder: AudioDecoder {
        private let decoder: OpaquePointer

        /// The longest that a packet lasts, 120 ms (RFC 6716 §3.4, R5).
        private static let maxSamples = 120 * OpusRate.samplesPerMillisecond
        /// libopus conceals in steps of 2.5 ms.
        private static let concealmentStep = 120

        init() throws(CodecError) {
            var status: Int32 = OPUS_OK
            guard let decoder = opus_decoder_create(Int32(OpusRate.hertz), 2, &status) else {
                throw CodecError(opus: status, "libopus makes no decoder")
            }
            self.decoder = decoder
        }

        deinit { opus_decoder_destroy(self.decoder) }

        func decode(_ packet: [UInt8]) throws(CodecError) -> AudioFrame {
            // Of no bytes libopus would make concealment.
            guard !packet.isEmpty, packet.count <= Int(Int32.max) else { throw CodecError("An Opus packet is empty") }
            let samples = opus_packet_get_nb_samples(packet, Int32(packet.count), Int32(OpusRate.hertz))
            guard samples > 0 else { throw CodecError(opus: samples, "This is no Opus packet") }
            return try self.frame(of: Int(samples), from: packet)
        }

        /// At most 120 ms, the longest that a packet lasts.
        func conceal(samples: Int, next: [UInt8]?) throws(CodecError) -> AudioFrame {
            guard samples > 0 else { throw CodecError("\(samples) samples are no sound to conceal") }
            let wanted = min(samples, Self.maxSamples)
            let steps = (wanted + Self.concealmentStep - 1) / Self.concealmentStep
            let frame = try self.concealed(samples: steps * Self.concealmentStep, next: next)
            guard frame.samples > wanted else { return frame }
            return AudioFrame(
                format: .s16, layout: .stereo, samples: wanted, sampleRate: OpusRate.hertz,
                storage: [UInt8](frame.storage.prefix(wanted * 2 * MemoryLayout<Int16>.size)))
        }

        /// The copy in `next`; without one, or when it is broken, what libopus guesses.
        private func concealed(samples: Int, next: [UInt8]?) throws(CodecError) -> AudioFrame {
            if let next, !next.isEmpty, next.count <= Int(Int32.max),
                let frame = try? self.frame(of: samples, from: next, isCorrection: true)
            {
                return frame
            }
            return try self.frame(of: samples, from: nil)
        }

        private func frame(
            of samples: Int, from packet: [UInt8]?, isCorrection: Bool = false
        ) throws(CodecError) -> AudioFrame {
            let size = samples * 2 * MemoryLayout<Int16>.size
            var decoded: Int32 = 0
            let storage = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).withMemoryRebound(to: Int16.self) { output in
                    guard let start = output.baseAddress else { return }
                    decoded = opus_decode(
                        self.decoder, packet, Int32(packet?.count ?? 0), start, Int32(samples), isCorrection ? 1 : 0)
                }
                count = decoded > 0 ? Int(decoded) * 2 * MemoryLayout<Int16>.size : 0
            }
            guard decoded > 0 else { throw CodecError(opus: decoded, "libopus does not decode") }
            return AudioFrame(
                format: .s16, layout: .stereo, samples: Int(decoded), sampleRate: OpusRate.hertz, storage: storage)
        }
    }
#endif

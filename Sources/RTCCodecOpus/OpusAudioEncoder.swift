// SPDX-License-Identifier: Apache-2.0
#if Opus
    internal import COpus
    internal import RTCMedia

    /// Makes Opus packets from 48 kHz sound.
    final class OpusAudioEncoder: AudioEncoder {
        let sampleRate = OpusRate.hertz
        let layout: AudioFrame.Layout
        private(set) var samplesPerPacket: Int

        private let encoder: OpaquePointer
        private let parameters: OpusParameters
        private let application: OpusCodec.Application
        /// Where libopus writes: packets are small, and their size is known only afterwards.
        private let output: UnsafeMutablePointer<UInt8>
        /// Whether the last packet said that silence follows.
        private var isSilent = false

        /// The largest packet: one that goes into a datagram with all that RTP and SRTP add.
        private static let maxPacketSize = 1_150
        /// What libopus makes of silence has no more bytes than this, and need not be sent.
        private static let silentPacketSize = 2

        init(
            parameters: OpusParameters, application: OpusCodec.Application, complexity: Int,
            settings: AudioEncoderSettings
        ) throws(CodecError) {
            let layout: AudioFrame.Layout = parameters.isStereo ? .stereo : .mono
            var status: Int32 = OPUS_OK
            guard
                let encoder = opus_encoder_create(
                    Int32(OpusRate.hertz), Int32(layout.channels), application.constant, &status)
            else { throw CodecError(opus: status, "libopus makes no encoder") }
            self.encoder = encoder
            self.layout = layout
            self.parameters = parameters
            self.application = application
            self.samplesPerPacket = parameters.samplesPerPacket(wanted: settings.packetTime)
            self.output = .allocate(capacity: Self.maxPacketSize)
            self.set(OPUS_SET_COMPLEXITY_REQUEST, Int32(min(max(complexity, 0), 10)))
            self.set(OPUS_SET_MAX_BANDWIDTH_REQUEST, parameters.maxBandwidth)
            self.set(OPUS_SET_VBR_REQUEST, parameters.isConstantBitrate ? 0 : 1)
            self.set(OPUS_SET_DTX_REQUEST, parameters.usesDiscontinuousTransmission ? 1 : 0)
            self.update(settings)
        }

        deinit {
            opus_encoder_destroy(self.encoder)
            self.output.deallocate()
        }

        func encode(_ frame: AudioFrame) throws(CodecError) -> [UInt8]? {
            guard frame.format == .s16, frame.layout == self.layout, frame.sampleRate == self.sampleRate,
                frame.samples == self.samplesPerPacket
            else {
                throw CodecError(
                    "Opus takes \(self.samplesPerPacket) samples of s16 \(self.layout.rawValue) at \(self.sampleRate) Hz, "
                        + "not \(frame.samples) of \(frame.format.rawValue) \(frame.layout.rawValue) at \(frame.sampleRate)"
                )
            }
            let length = frame.storage.withUnsafeBytes { bytes in
                bytes.withMemoryRebound(to: Int16.self) { samples in
                    samples.baseAddress.map {
                        opus_encode(self.encoder, $0, Int32(frame.samples), self.output, Int32(Self.maxPacketSize))
                    } ?? OPUS_BAD_ARG
                }
            }
            guard length >= 0 else { throw CodecError(opus: length, "libopus does not encode") }
            // The first of them is sent, so that the peer learns of the silence from Opus and not from a gap.
            let wasSilent = self.isSilent
            self.isSilent =
                self.parameters.usesDiscontinuousTransmission && Int(length) <= Self.silentPacketSize
            return length == 0 || (wasSilent && self.isSilent)
                ? nil : [UInt8](UnsafeBufferPointer(start: self.output, count: Int(length)))
        }

        func update(_ settings: AudioEncoderSettings) {
            self.samplesPerPacket = self.parameters.samplesPerPacket(wanted: settings.packetTime)
            let bitrate = self.parameters.bitrate(wanted: settings.bitrate, application: self.application)
            self.set(OPUS_SET_BITRATE_REQUEST, Int32(bitrate))
            let loss = settings.packetLoss.isFinite ? min(max(settings.packetLoss, 0), 1) : 0
            // A share of less than one percent still is loss.
            let percent = Int32((loss * 100).rounded(.up))
            self.set(OPUS_SET_PACKET_LOSS_PERC_REQUEST, percent)
            // The copies cost bits that a peer without loss would rather have in the sound.
            self.set(OPUS_SET_INBAND_FEC_REQUEST, self.parameters.usesErrorCorrection && percent > 0 ? 1 : 0)
        }

        /// Every value given is in libopus' range, so that it has no reason to refuse.
        private func set(_ request: Int32, _ value: Int32) {
            let status = copus_encoder_set(self.encoder, request, value)
            assert(status == OPUS_OK, "libopus refuses \(value) for \(request)")
        }
    }

    extension OpusCodec.Application {
        fileprivate var constant: Int32 {
            switch self {
            case .voip: OPUS_APPLICATION_VOIP
            case .audio: OPUS_APPLICATION_AUDIO
            case .lowDelay: OPUS_APPLICATION_RESTRICTED_LOWDELAY
            }
        }
    }

    extension OpusParameters {
        /// The audio bandwidth that the peer can play (RFC 7587 §3.1.1).
        fileprivate var maxBandwidth: Int32 {
            switch self.maxPlaybackRate {
            case ...8_000: OPUS_BANDWIDTH_NARROWBAND
            case ...12_000: OPUS_BANDWIDTH_MEDIUMBAND
            case ...16_000: OPUS_BANDWIDTH_WIDEBAND
            case ...24_000: OPUS_BANDWIDTH_SUPERWIDEBAND
            default: OPUS_BANDWIDTH_FULLBAND
            }
        }
    }

    extension CodecError {
        /// What failed, and what libopus says of it.
        init(opus status: Int32, _ what: String) {
            self.init("\(what): \(String(cString: opus_strerror(status)))")
        }
    }
#endif

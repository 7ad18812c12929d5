// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// Encodes the sound of one sender, away from event loops.
actor AudioEncodeWorker {
    /// A packet's worth of encoded sound.
    struct Packet: Sendable {
        let data: [UInt8]
        /// On the RTP time line, in ticks of the clock rate.
        let timestamp: Int64
        let duration: Int64
        /// In -dBov, 0 to 127.
        let level: UInt8
        /// The mean square of the samples, 0 to 1, for `totalAudioEnergy`.
        let energy: Double
        let seconds: Double
    }

    private let executor = CodecExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    private let codec: any AudioCodec
    private let format: RTCRtpCodec
    private var settings: AudioEncoderSettings
    private var encoder: (any AudioEncoder)?
    private var resampler: AudioResampler?
    private var fifo: [Int16] = []
    /// When the first sample of `fifo` is heard, on the RTP time line.
    private var fifoTimestamp: Int64 = 0

    init(codec: any AudioCodec, format: RTCRtpCodec, settings: AudioEncoderSettings) {
        self.codec = codec
        self.format = format
        self.settings = settings
    }

    func update(_ settings: AudioEncoderSettings) {
        guard settings != self.settings else { return }
        self.settings = settings
        self.encoder?.update(settings)
    }

    /// Encodes what is now a whole packet; `timestamp` is that of the frame's first sample.
    func encode(_ frame: AudioFrame, timestamp: Int64) throws -> [Packet] {
        let encoder = try self.encoder ?? self.codec.makeEncoder(for: self.format, settings: self.settings)
        self.encoder = encoder
        self.take(frame, timestamp, for: encoder)
        let channels = encoder.layout.channels
        let length = encoder.samplesPerPacket * channels
        let duration = Int64(encoder.samplesPerPacket) * Int64(self.format.clockRate) / Int64(encoder.sampleRate)
        var packets: [Packet] = []
        var start = 0
        while self.fifo.count - start >= length {
            let samples = Array(self.fifo[start..<(start + length)])
            start += length
            let piece = try AudioFrame(samples, layout: encoder.layout, sampleRate: encoder.sampleRate)
            if let data = try encoder.encode(piece) {
                let seconds = Double(encoder.samplesPerPacket) / Double(encoder.sampleRate)
                packets.append(
                    Packet(
                        data: data, timestamp: self.fifoTimestamp, duration: duration, level: piece.level,
                        energy: piece.rms * piece.rms, seconds: seconds))
            }
            self.fifoTimestamp += duration
        }
        if start > 0 { self.fifo.removeFirst(start) }
        return packets
    }

    /// Brings a frame to the encoder's rate and layout, and appends it.
    private func take(_ frame: AudioFrame, _ timestamp: Int64, for encoder: any AudioEncoder) {
        if self.resampler?.sampleRate != encoder.sampleRate || self.resampler?.layout != encoder.layout {
            self.resampler = AudioResampler(sampleRate: encoder.sampleRate, layout: encoder.layout, format: .s16)
        }
        guard let frame = self.resampler?.resample(frame) else { return }
        let buffered = self.fifo.count / encoder.layout.channels
        let expected =
            self.fifoTimestamp + Int64(buffered) * Int64(self.format.clockRate) / Int64(encoder.sampleRate)
        // A pause in the source is a step of the time line, once the rest of what came before is out.
        let packet = Int64(encoder.samplesPerPacket) * Int64(self.format.clockRate) / Int64(encoder.sampleRate)
        if abs(timestamp - expected) > packet * 2 {
            self.fifo.removeAll(keepingCapacity: true)
            self.fifoTimestamp = max(timestamp, self.fifoTimestamp)
        }
        self.fifo.append(contentsOf: frame.samples(as: Int16.self))
    }
}

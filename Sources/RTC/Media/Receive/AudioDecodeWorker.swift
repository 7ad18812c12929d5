// SPDX-License-Identifier: Apache-2.0

internal import RTCCodecG7xx
internal import RTCMedia
internal import RTCRTP

/// Decodes the sound of one receiver, away from event loops.
actor AudioDecodeWorker {
    private struct Decoder {
        let format: ReceiveFormat
        let decoder: any AudioDecoder
        /// Of the last frame, which what is missing is made alike to.
        var sampleRate = 48_000
        var layout = AudioFrame.Layout.mono
        var hasDecoded = false
    }

    private let executor = CodecExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    private var decoder: Decoder?
    /// What plays the noise of silence, beside the decoder of speech (RFC 3389).
    private var noise: ComfortNoiseDecoder?
    private var resampler: AudioResampler?
    private var stretcher: (rate: Int, channels: Int, stretch: TimeStretch)?
    /// Samples delivered, at the rate of the last frame.
    private var position: Int64 = 0
    private var positionRate = 48_000

    /// The sound for one step of the playout; `nil` while nothing has been decoded yet.
    func play(
        _ playout: AudioPlayout, _ formats: [ReceiveFormat], _ transform: EncodedTransform?,
        _ conversion: AudioConversion
    ) async -> AudioFrame? {
        switch playout {
        case .packet(let packet, let duration, let stretch):
            guard let data = await self.data(of: packet, formats, transform) else {
                return self.finish(self.concealed(duration, next: nil), conversion)
            }
            guard var frame = self.decode(data, packet.payloadType.rawValue, formats) else {
                return self.finish(self.concealed(duration, next: nil), conversion)
            }
            if stretch != 0 { self.stretch(&frame, by: frame.samples * stretch / max(1, duration)) }
            return self.finish(frame, conversion)
        case .lost(let duration, let next):
            // What is encrypted from end to end cannot help before it is decrypted.
            return self.finish(self.concealed(duration, next: transform == nil ? next : nil), conversion)
        case .silence(let duration):
            guard let decoder, decoder.hasDecoded else { return nil }
            return self.finish(
                AudioFrame(
                    layout: decoder.layout, samples: self.samples(duration, decoder), sampleRate: decoder.sampleRate),
                conversion)
        }
    }

    /// Makes sound longer or shorter without changing how high it is.
    private func stretch(_ frame: inout AudioFrame, by samples: Int) {
        let channels = frame.layout.channels
        if self.stretcher?.rate != frame.sampleRate || self.stretcher?.channels != channels {
            guard frame.sampleRate >= 8_000 else { return }
            self.stretcher = (
                frame.sampleRate, channels, TimeStretch(sampleRate: frame.sampleRate, channels: channels)
            )
        }
        self.stretcher?.stretch.apply(samples, to: &frame)
    }

    private func data(
        of packet: MediaPacket, _ formats: [ReceiveFormat], _ transform: EncodedTransform?
    ) async -> [UInt8]? {
        guard let transform else { return packet.payload }
        guard let format = formats.first(where: { $0.payloadType == packet.payloadType.rawValue }) else { return nil }
        var frame = EncodedFrame(codec: format.codec, data: packet.payload, pts: packet.timestamp)
        frame.ssrc = packet.ssrc.rawValue
        frame.rtpTimestamp = UInt32(truncatingIfNeeded: packet.timestamp)
        frame.audioLevel = packet.audioLevel
        return await transform(frame)?.data
    }

    private func decode(_ data: [UInt8], _ payloadType: UInt8, _ formats: [ReceiveFormat]) -> AudioFrame? {
        if let noise = self.comfortNoise(payloadType, formats) { return try? noise.decode(data) }
        if self.decoder?.format.payloadType != payloadType {
            guard let format = formats.first(where: { $0.payloadType == payloadType }),
                let codec = format.implementation as? any AudioCodec,
                let decoder = try? codec.makeDecoder(for: format.codec)
            else { return nil }
            self.decoder = Decoder(format: format, decoder: decoder)
        }
        guard let frame = try? self.decoder?.decoder.decode(data) else { return nil }
        self.decoder?.sampleRate = frame.sampleRate
        self.decoder?.layout = frame.layout
        self.decoder?.hasDecoded = true
        return frame
    }

    /// The decoder of comfort noise, when the payload type stands for it; it makes noise like the speech before.
    private func comfortNoise(_ payloadType: UInt8, _ formats: [ReceiveFormat]) -> ComfortNoiseDecoder? {
        guard formats.contains(where: { $0.payloadType == payloadType && $0.isComfortNoise }) else { return nil }
        let noise = self.noise ?? ComfortNoiseDecoder(sampleRate: self.decoder?.sampleRate ?? 8_000)
        self.noise = noise
        return noise
    }

    private func concealed(_ duration: Int, next: [UInt8]?) -> AudioFrame? {
        guard let decoder, decoder.hasDecoded else { return nil }
        return try? decoder.decoder.conceal(samples: self.samples(duration, decoder), next: next)
    }

    /// How many samples the ticks of a duration are.
    private func samples(_ ticks: Int, _ decoder: Decoder) -> Int {
        ticks * decoder.sampleRate / max(1, decoder.format.codec.clockRate)
    }

    /// Gives the frame the format that the reader wants and its place on the track's time line.
    private func finish(_ frame: AudioFrame?, _ conversion: AudioConversion) -> AudioFrame? {
        guard var frame, frame.samples > 0 else { return nil }
        if frame.sampleRate != self.positionRate {
            self.position = self.position * Int64(frame.sampleRate) / Int64(self.positionRate)
            self.positionRate = frame.sampleRate
        }
        frame.pts = self.position
        frame.timeBase = Rational(1, frame.sampleRate)
        self.position += Int64(frame.samples)
        guard let rate = conversion.sampleRate, rate != frame.sampleRate else {
            self.resampler = nil
            return frame.converted(to: conversion.format, layout: conversion.layout)
        }
        if self.resampler?.sampleRate != rate || self.resampler?.layout != conversion.layout
            || self.resampler?.format != conversion.format
        {
            self.resampler = AudioResampler(
                sampleRate: rate, layout: conversion.layout, format: conversion.format)
        }
        return self.resampler?.resample(frame)
    }
}

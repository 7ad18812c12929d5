// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

public import RTCMedia

/// The sound that the peer sends.
///
/// Frames are what the codec makes: Opus 48 kHz stereo, G.722 16 kHz mono, G.711 8 kHz mono, all in `s16`, unless
/// `setFormat` asks for something else. Its `id` is the one that the peer gave it (`a=msid`), once there is one. Decoding
/// begins with the first `recv()`. Whoever reads too slowly misses the oldest frames; nothing piles up. Hold the
/// connection as long as you read.
public final class RemoteAudioTrack: MediaStreamTrack {
    /// Audio.
    public let kind = MediaKind.audio
    /// What every track has.
    public let core: TrackCore
    private let sink: FrameSink<AudioFrame>

    init(_ sink: FrameSink<AudioFrame>) {
        self.core = sink.core
        self.sink = sink
    }

    /// The next piece of sound, when it is due.
    public func recv() async throws -> AudioFrame { try await self.sink.next() }

    /// Asks for other frames than the codec makes; `nil` leaves a property as it comes.
    ///
    /// A sample rate outside of `AudioResampler.sampleRates` is a programming error.
    public func setFormat(
        sampleRate: Int? = nil, layout: AudioFrame.Layout? = nil, format: AudioFrame.SampleFormat? = nil
    ) {
        precondition(
            sampleRate.map { AudioResampler.sampleRates.contains($0) } != false,
            "\(sampleRate ?? 0) is no sample rate; use \(AudioResampler.sampleRates)")
        self.sink.conversion.withLock {
            $0 = AudioConversion(sampleRate: sampleRate, layout: layout, format: format)
        }
    }

    /// Ends the track at this end; the peer goes on sending until it is told otherwise.
    public func stop() { self.sink.end() }
}

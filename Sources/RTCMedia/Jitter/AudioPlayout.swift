// SPDX-License-Identifier: Apache-2.0

/// What is to be heard next; durations are in ticks of the codec's clock.
package enum AudioPlayout: Sendable {
    /// A packet to decode, which lasts `duration`.
    ///
    /// `stretch` says by how much it is to be heard longer, or shorter when it is negative: ``TimeStretch`` does it.
    case packet(MediaPacket, duration: Int, stretch: Int)
    /// Sound is missing, and is to be concealed.
    ///
    /// `next` is the payload of the packet right behind the missing sound, when it has come: it may hold a copy.
    case lost(duration: Int, next: [UInt8]?)
    /// There is no sound: the sender paused between packets (DTX), or too much is missing to conceal.
    case silence(duration: Int)
}

/// What an ``AudioJitterBuffer`` has counted; the names are those of W3C webrtc-stats, samples are ticks.
package struct AudioJitterBufferStatistics: Sendable, Hashable {
    /// How long each emitted sample was in the buffer, summed up.
    package var jitterBufferDelay: Duration = .zero
    /// The delay that was aimed at when each sample was emitted, summed up.
    package var jitterBufferTargetDelay: Duration = .zero
    /// The same, had nobody asked for a longer one.
    package var jitterBufferMinimumDelay: Duration = .zero
    package var jitterBufferEmittedCount = 0
    /// All that was to be heard, concealed and silent samples included.
    package var totalSamplesReceived = 0
    package var concealedSamples = 0
    /// Those of ``concealedSamples`` that were silence.
    package var silentConcealedSamples = 0
    package var concealmentEvents = 0
    package var insertedSamplesForDeceleration = 0
    package var removedSamplesForAcceleration = 0
    /// Packets that came too late, or were too many.
    package var packetsDiscarded = 0
    package var packetsDuplicated = 0
}

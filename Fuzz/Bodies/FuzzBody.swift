// SPDX-License-Identifier: Apache-2.0

/// One thing that is fuzzed: it takes any bytes, and traps when our code breaks a promise.
///
/// A body has no memory: the same bytes do the same each time, so a crash is one file. libFuzzer runs it by its
/// name (`Scripts/fuzz.sh`), and so do the unit tests, over `Fuzz/Regressions/<name>/` and seeded random bytes.
package struct FuzzBody: Sendable {
    /// What it is called on the command line, and what its folder of regression inputs is called.
    package let name: String
    /// How many seeded inputs the unit tests feed it; fewer where one takes long.
    package let seededInputs: Int
    /// Feeds it one input.
    package let run: @Sendable (RawSpan) -> Void

    init(_ name: String, seededInputs: Int = 4_000, run: @escaping @Sendable (RawSpan) -> Void) {
        self.name = name
        self.seededInputs = seededInputs
        self.run = run
    }

    /// Every body, in the order in which they run.
    package static let all: [FuzzBody] = [
        .byteReader, .ipAddress, .stun, .ice, .dtlsFeed, .srtp, .sctpPacket, .dcep, .sdp, .candidate, .negotiation,
        .mdns, .rtp, .headerExtensions, .rtcp, .vp8Payload, .h264Payload, .opusPacket, .telephoneEvent,
        .codecParameters, .videoAssembly, .audioBuffer, .mediaSession, .sliceHeaders, .peer,
    ]
}

// SPDX-License-Identifier: Apache-2.0

/// A codec as SDP names it (W3C webrtc-pc §5.2.9, `RTCRtpCodec`).
public struct RTCRtpCodec: Hashable, Sendable {
    /// `audio/opus`, `video/VP8`, …; compared without regard to case.
    public var mimeType: String
    /// The ticks a second of RTP timestamps.
    public var clockRate: Int
    /// How many channels an audio codec has in SDP; `nil` for video, and for audio with one.
    public var channels: Int?
    /// The format parameters, as after `a=fmtp:<payload type> `; `nil` when there are none.
    public var sdpFmtpLine: String?

    /// A codec.
    public init(mimeType: String, clockRate: Int, channels: Int? = nil, sdpFmtpLine: String? = nil) {
        self.mimeType = mimeType
        self.clockRate = clockRate
        self.channels = channels
        self.sdpFmtpLine = sdpFmtpLine
    }

    /// Audio or video, from the first half of ``mimeType``.
    public var kind: MediaKind {
        if self.begins(with: "audio/") { return .audio }
        return self.begins(with: "video/") ? .video : .unknown
    }

    /// Whether ``mimeType`` begins with `text`, which is in small letters; asked for each frame, so nothing is copied.
    private func begins(with text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            self.mimeType.utf8.count > wanted.count
                && zip(self.mimeType.utf8, wanted).allSatisfy { byte, letter in
                    byte == letter || (0x41...0x5A).contains(byte) && byte | 0x20 == letter
                }
        }
    }

    /// The second half of ``mimeType``, as in `a=rtpmap`.
    public var name: String {
        self.mimeType.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    }

    /// Whether this is the codec `name`, without regard to case.
    public func isNamed(_ name: String) -> Bool { self.name.lowercased() == name.lowercased() }
}

// SPDX-License-Identifier: Apache-2.0

/// When two names of a codec mean the same one (RFC 3264 §6.1, RFC 8829 §5.3.1).
enum CodecMatching {
    /// Whether a codec of a description is what `capability` can do.
    ///
    /// Parameters count only where they name another format: the profile and the packetization mode of H.264 (RFC 6184
    /// §8.2.2), the profile of VP9 (RFC 9628 §6) and that of AV1.
    static func matches(_ capability: CodecCapability, _ codec: SectionCodec) -> Bool {
        self.matches(
            capability.name, capability.clockRate, capability.channels, capability.fmtp, codec.name, codec.clockRate,
            codec.channels, codec.fmtp)
    }

    /// Whether two codecs of descriptions are one.
    static func matches(_ one: SectionCodec, _ two: SectionCodec) -> Bool {
        self.matches(
            one.name, one.clockRate, one.channels, one.fmtp, two.name, two.clockRate, two.channels, two.fmtp)
    }

    /// Whether two capabilities are one.
    static func isSame(_ one: CodecCapability, _ two: CodecCapability) -> Bool {
        self.matches(
            one.name, one.clockRate, one.channels, one.fmtp, two.name, two.clockRate, two.channels, two.fmtp)
    }

    /// Whether the codec only helps others and carries no media by itself.
    static func isAuxiliary(_ name: String) -> Bool {
        ["rtx", "red", "ulpfec", "flexfec-03", "cn", "telephone-event"].contains(name.lowercased())
    }

    private static func matches(
        _ name: String, _ clockRate: UInt32, _ channels: UInt8, _ fmtp: String?, _ otherName: String,
        _ otherRate: UInt32, _ otherChannels: UInt8, _ otherFmtp: String?
    ) -> Bool {
        let key = name.lowercased()
        guard key == otherName.lowercased(), clockRate == otherRate, channels == otherChannels else { return false }
        switch key {
        case "h264":
            let one = FormatParameters(fmtp)
            let two = FormatParameters(otherFmtp)
            return one.number("packetization-mode", default: 0) == two.number("packetization-mode", default: 0)
                && H264Profile(parameters: one) == H264Profile(parameters: two)
        case "vp9":
            return FormatParameters(fmtp).number("profile-id", default: 0)
                == FormatParameters(otherFmtp).number("profile-id", default: 0)
        case "av1":
            return FormatParameters(fmtp).number("profile", default: 0)
                == FormatParameters(otherFmtp).number("profile", default: 0)
        default: return true
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire

let opus = RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2)
let vp8 = RTCRtpCodec(mimeType: "video/VP8", clockRate: 90_000)
let audioSender = RTPSenderID(rawValue: 1)
let videoSender = RTPSenderID(rawValue: 2)
let audioReceiver = RTPReceiverID(rawValue: 11)
let videoReceiver = RTPReceiverID(rawValue: 12)

/// The identifiers that browsers use.
let extensionMap = HeaderExtensionMap([
    (1, .audioLevel), (2, .absoluteSendTime), (3, .transportSequence), (4, .mid), (10, .rid), (11, .repairedRid),
    (13, .videoOrientation),
])

func payloadType(_ value: UInt8) -> PayloadType { PayloadType(truncating: value) }

func opusCodec(feedback: RTPFeedback = []) -> RTPCodec {
    RTPCodec(payloadType: payloadType(111), codec: opus, format: .single, feedback: feedback)
}

func telephoneCodec(clockRate: Int = 48_000) -> RTPCodec {
    let codec = RTCRtpCodec(mimeType: "audio/telephone-event", clockRate: clockRate)
    return RTPCodec(payloadType: payloadType(110), codec: codec, format: .single)
}

func vp8Codec(rtx: Bool = true, feedback: RTPFeedback = [.nack, .pli, .fir]) -> RTPCodec {
    RTPCodec(
        payloadType: payloadType(96), codec: vp8, format: .vp8, rtxPayloadType: rtx ? payloadType(97) : nil,
        feedback: feedback)
}

extension RTPSenderConfiguration {
    static func audio(mid: String? = "0", ssrc: UInt32 = 1_000) -> RTPSenderConfiguration {
        RTPSenderConfiguration(
            mid: mid, kind: .audio, ssrc: SSRC(ssrc), codecs: [opusCodec(), telephoneCodec()], extensions: extensionMap)
    }

    static func video(
        mid: String? = "1", ssrc: UInt32 = 2_000, rtx: Bool = true, rid: String? = nil,
        feedback: RTPFeedback = [.nack, .pli, .fir]
    ) -> RTPSenderConfiguration {
        RTPSenderConfiguration(
            mid: mid, kind: .video, ssrc: SSRC(ssrc), rtxSSRC: rtx ? SSRC(ssrc + 1) : nil,
            codecs: [vp8Codec(rtx: rtx, feedback: feedback)], extensions: extensionMap, rid: rid)
    }
}

extension RTPReceiverConfiguration {
    static func audio(mid: String? = "0", plays: Bool = false) -> RTPReceiverConfiguration {
        RTPReceiverConfiguration(
            mid: mid, kind: .audio, codecs: [opusCodec(), telephoneCodec()], extensions: extensionMap,
            playsAudio: plays)
    }

    static func video(
        mid: String? = "1", rtx: Bool = true, feedback: RTPFeedback = [.nack, .pli, .fir]
    ) -> RTPReceiverConfiguration {
        RTPReceiverConfiguration(
            mid: mid, kind: .video, codecs: [vp8Codec(rtx: rtx, feedback: feedback)], extensions: extensionMap)
    }
}

/// The frames of a source that counts them.
struct FrameSource {
    var number: Int64 = 0
    /// The bytes of the last sound.
    var last: [UInt8] = []

    /// A VP8 frame with its number in it.
    mutating func picture(isKeyFrame: Bool, size: Int = 2_500) -> EncodedFrame {
        let tag: [UInt8] =
            isKeyFrame ? [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01] : [0x11, 0, 0]
        let data = tag + Self.bytes(self.number, count: max(8, size - tag.count))
        defer { self.number += 1 }
        return EncodedFrame(codec: vp8, data: data, pts: self.number * 3_000, isKeyFrame: isKeyFrame)
    }

    /// An Opus packet of 20 ms with its number in it, or of 120 ms.
    mutating func sound(size: Int = 80, isLong: Bool = false) -> EncodedFrame {
        let data = [isLong ? 0x59 : 0x78] + Self.bytes(self.number, count: size - 1)
        defer { self.number += 1 }
        self.last = data
        var frame = EncodedFrame(codec: opus, data: data, pts: self.number * (isLong ? 5_760 : 960))
        frame.audioLevel = 30
        return frame
    }

    /// The number in a frame of either kind.
    static func number(of frame: EncodedFrame) -> Int64 {
        let start = frame.codec == opus ? 1 : frame.isKeyFrame ? 10 : 3
        return frame.data[start..<(start + 8)].reduce(0) { $0 << 8 | Int64($1) }
    }

    private static func bytes(_ number: Int64, count: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - $0 * 8)) }
            + (0..<(count - 8)).map { UInt8(truncatingIfNeeded: Int64($0) &* 31 &+ number) }
    }
}

extension Call {
    /// Left sends audio and video to right.
    func connect(plays: Bool = false, rtx: Bool = true, feedback: RTPFeedback = [.nack, .pli, .fir]) {
        self.left.setSender(audioSender, .audio(), at: self.now)
        self.left.setSender(videoSender, .video(rtx: rtx, feedback: feedback), at: self.now)
        self.right.setReceiver(audioReceiver, .audio(plays: plays), at: self.now)
        self.right.setReceiver(videoReceiver, .video(rtx: rtx, feedback: feedback), at: self.now)
    }

    /// Sends pictures for `duration`, `rate` a second, with a key frame first and wherever one is asked for.
    func sendVideo(_ source: inout FrameSource, for duration: Duration, rate: Int = 30, size: Int = 2_500) {
        let frames = Int(duration / .seconds(1) * Double(rate))
        for _ in 0..<frames {
            let isWanted = self.leftLog.events.keyFrameRequests > 0 || source.number == 0
            if isWanted { self.leftLog.events.removeAll() }
            let frame = source.picture(isKeyFrame: isWanted, size: size)
            self.left.send(frame, on: videoSender, captured: self.now, at: self.now)
            self.run(.seconds(1) / rate)
        }
    }
}

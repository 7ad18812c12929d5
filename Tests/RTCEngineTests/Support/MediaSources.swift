// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCMedia
import RTCRTP
import RTCSRTP
import RTCSimulation
import RTCWire

/// Makes numbered VP8 pictures and numbered Opus packets of 20 ms, and notes when each was sent.
struct MediaSource {
    static let opus = RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2)
    static let vp8 = RTCRtpCodec(mimeType: "video/VP8", clockRate: 90_000)

    private(set) var sentAt: [Instant] = []
    /// The number of the next frame.
    var count: Int { self.sentAt.count }

    /// The next picture, which can be decoded only behind the one before it unless it is a key frame.
    mutating func picture(isKeyFrame: Bool, size: Int, at now: Instant) -> EncodedFrame {
        // A frame tag (RFC 6386 §9.1); a key frame also has a start code and 640 by 480 pixels.
        let tag: [UInt8] = isKeyFrame ? [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01] : [0x11, 0, 0]
        let data = self.data(tag, size: size)
        return EncodedFrame(codec: Self.vp8, data: data, pts: self.ticks(at: now, 90_000), isKeyFrame: isKeyFrame)
    }

    /// The next packet of sound: CELT of 20 ms, or twice that with an odd size.
    mutating func sound(size: Int, isLong: Bool = false, at now: Instant) -> EncodedFrame {
        let data = self.data([isLong ? 0xF9 : 0xF8], size: size)
        return EncodedFrame(codec: Self.opus, data: data, pts: self.ticks(at: now, 48_000))
    }

    private mutating func data(_ head: [UInt8], size: Int) -> [UInt8] {
        let number = self.count
        return head + (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - $0 * 8)) }
            + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: max(0, size - head.count - 4))
    }

    private mutating func ticks(at now: Instant, _ clockRate: Int64) -> Int64 {
        self.sentAt.append(now)
        let milliseconds = (now - .start).saturatedNanoseconds / 1_000_000
        return milliseconds * (clockRate / 1_000)
    }

    /// The number in a picture.
    static func number(ofPicture frame: EncodedFrame) -> Int {
        let start = frame.isKeyFrame ? 10 : 3
        return Self.number(frame.data, at: start)
    }

    /// The number in the payload of a packet of sound.
    static func number(ofSound payload: [UInt8]) -> Int { Self.number(payload, at: 1) }

    private static func number(_ bytes: [UInt8], at start: Int) -> Int {
        guard bytes.count >= start + 4 else { return -1 }
        return bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
}

/// A decoder: it shows a picture only when it has the one before it, or a key frame.
struct PictureViewer {
    /// When each decodable picture was shown, and its number.
    private(set) var shown: [(number: Int, at: Instant)] = []
    /// Pictures that came although what they need did not, or that came twice.
    private(set) var undecodable = 0

    mutating func take(_ frame: EncodedFrame, at now: Instant) {
        let number = MediaSource.number(ofPicture: frame)
        let last = self.shown.last?.number ?? -1
        guard number > last, frame.isKeyFrame || (number == last + 1 && !self.shown.isEmpty) else {
            self.undecodable += 1
            return
        }
        self.shown.append((number, now))
    }

    /// The longest time without a new picture within a time.
    func longestStall(from start: Instant, to end: Instant) -> Duration {
        var last = start
        var longest = Duration.zero
        for picture in self.shown where picture.at >= start && picture.at <= end {
            longest = max(longest, picture.at - last)
            last = picture.at
        }
        return max(longest, end - last)
    }

    /// How long after `instant` the next picture was shown.
    func wait(from instant: Instant) -> Duration? {
        self.shown.first { $0.at >= instant }.map { $0.at - instant }
    }
}

/// A loudspeaker: it plays what the jitter buffer gives.
struct SoundPlayer {
    /// When each packet was played, and how long after it had been sent.
    private(set) var played: [(number: Int, at: Instant, delay: Duration)] = []
    /// Playouts of missing sound.
    private(set) var concealed = 0
    /// Packets that came with a number that had been played or was older than the last one.
    private(set) var outOfOrder = 0

    mutating func take(_ playout: AudioPlayout, sentAt: [Instant], at now: Instant) {
        switch playout {
        case .packet(let packet, _, _):
            let number = MediaSource.number(ofSound: packet.payload)
            guard sentAt.indices.contains(number) else { return }
            if let last = self.played.last, number <= last.number { self.outOfOrder += 1 }
            self.played.append((number, now, now - sentAt[number]))
        case .lost: self.concealed += 1
        case .silence: break
        }
    }

    /// The longest delay of what was played within a time; zero when nothing was.
    func longestDelay(from start: Instant, to end: Instant) -> Duration {
        self.played.filter { $0.at >= start && $0.at < end }.map(\.delay).max() ?? .zero
    }

    /// How many packets were played within a time.
    func count(from start: Instant, to end: Instant) -> Int {
        self.played.count { $0.at >= start && $0.at < end }
    }
}

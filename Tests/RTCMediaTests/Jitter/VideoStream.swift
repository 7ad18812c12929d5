// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire

@testable import RTCMedia

/// A sender of numbered pictures, cut into packets.
///
/// The last 16 bytes of each picture say which one it is, and which one it needs.
struct VideoStream {
    let format: RTPPayloadFormat
    var sequence: Int64
    var timestamp: Int64
    var marksFrames = true
    var ssrc = SSRC(0x1234)
    private(set) var number: Int64 = 0
    private var packetizer: Packetizer
    private var random: RandomSource
    private var lastBase: Int64 = 0
    private var lastByLayer: [Int64] = [0, 0, 0]

    init(
        _ format: RTPPayloadFormat = .vp8, sequence: Int64 = 65_500, timestamp: Int64 = 1 << 32 - 9_000,
        seed: UInt64 = 1
    ) {
        self.format = format
        self.sequence = sequence
        self.timestamp = timestamp
        self.random = .seeded(seed)
        self.packetizer = Packetizer(format: format, random: &self.random)
    }

    /// What a picture says about itself.
    static func label(of data: [UInt8]) -> (number: Int64, needs: Int64)? {
        let label = data.suffix(16).map { Int64($0 &- 1) }
        guard label.count == 16 else { return nil }
        func value(_ bytes: ArraySlice<Int64>) -> Int64 { bytes.reduce(0) { $0 * 100 + $1 } }
        return (value(label[0..<8]), value(label[8..<16]))
    }

    /// The packets of the next picture, of about `bytes`; `layer` of a pattern in which a frame needs the last one of
    /// its own or a lower layer, or the last base frame when it is a sync.
    mutating func frame(
        isKey: Bool, bytes: Int = 3_000, layer: Int? = nil, isSync: Bool = false, width: Int = 640, at now: Instant
    ) -> [MediaPacket] {
        self.number += 1
        self.timestamp += 3_000
        var needs = self.number - 1
        if let layer {
            needs = isSync ? self.lastByLayer[0] : self.lastByLayer[0...layer].max() ?? 0
            self.packetizer.usesTemporalLayers = true
        }
        if isKey { needs = 0 }
        for index in (layer ?? 0)..<3 where isKey || index == layer { self.lastByLayer[index] = self.number }
        let label = Self.digits(self.number) + Self.digits(needs)
        var frame = EncodedFrame(
            codec: self.format == .vp8 ? Payloads.vp8 : Payloads.h264,
            data: self.picture(isKey: isKey, bytes: bytes, width: width, label: label), pts: 0, isKeyFrame: isKey)
        frame.temporalLayer = layer ?? 0
        let payloads = Payloads.make(frame, with: &self.packetizer, isLayerSync: isSync)
        return payloads.enumerated().map { index, payload in
            self.packet(payload, marker: self.marksFrames && index == payloads.count - 1, at: now)
        }
    }

    /// A packet of nothing but padding.
    mutating func padding(at now: Instant) -> MediaPacket { self.packet([], marker: false, at: now) }

    mutating func packet(_ payload: [UInt8], marker: Bool, at now: Instant) -> MediaPacket {
        defer { self.sequence += 1 }
        return MediaPacket(
            sequence: self.sequence, timestamp: self.timestamp, marker: marker,
            payloadType: PayloadType(truncating: 96), ssrc: self.ssrc, payload: payload, arrival: now)
    }

    private mutating func picture(isKey: Bool, bytes: Int, width: Int, label: [UInt8]) -> [UInt8] {
        if self.format == .vp8 {
            let start =
                isKey ? Payloads.vp8KeyFrame(width, 480, count: bytes) : [0x11] + [UInt8](repeating: 7, count: bytes)
            return start + label
        }
        let slice = [UInt8](repeating: 0x77, count: bytes) + label
        if isKey { return Payloads.annexB([H264Streams.sps640x480, [0x68, 0xCE, 0x38, 0x80], [0x65] + slice]) }
        return Payloads.annexB([[0x41] + slice])
    }

    /// Eight bytes, none of them zero: no start code hides in them.
    private static func digits(_ number: Int64) -> [UInt8] {
        var rest = number
        var digits: [UInt8] = []
        for _ in 0..<8 {
            digits.insert(UInt8(rest % 100) + 1, at: 0)
            rest /= 100
        }
        return digits
    }
}

/// Checks that frames come in the order of their numbers, each after all that it needs.
struct ModelDecoder {
    private(set) var decoded: Set<Int64> = []
    private(set) var last: Int64 = 0
    private(set) var faults: [String] = []

    mutating func decode(_ frame: AssembledFrame) {
        guard let label = VideoStream.label(of: frame.data) else { return self.faults.append("a frame without label") }
        if label.number <= self.last { self.faults.append("\(label.number) after \(self.last)") }
        if label.needs > 0, !self.decoded.contains(label.needs) {
            self.faults.append("\(label.number) without \(label.needs)")
        }
        if frame.isKeyFrame != (label.needs == 0) { self.faults.append("\(label.number) is taken for a key frame") }
        self.decoded.insert(label.number)
        self.last = label.number
    }
}

extension VideoAssembler {
    /// The frames and the number of requests since the last call.
    mutating func drain() -> (frames: [AssembledFrame], requests: Int) {
        var frames: [AssembledFrame] = []
        var requests = 0
        while let event = self.pollEvent() {
            switch event {
            case .frame(let frame): frames.append(frame)
            case .keyFrameNeeded: requests += 1
            }
        }
        return (frames, requests)
    }

    /// The numbers of the frames since the last call.
    mutating func numbers() -> [Int64] { self.drain().frames.map { VideoStream.label(of: $0.data)?.number ?? -1 } }
}

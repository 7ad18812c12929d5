// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What the header extensions of one packet say; nothing of it is on the heap.
package struct HeaderExtensionValues: Hashable, Sendable {
    package var mid: StreamName?
    package var rid: StreamName?
    package var repairedRid: StreamName?
    package var audioLevel: AudioLevel?
    package var csrcAudioLevels: CSRCAudioLevels?
    /// 24 bits: the seconds modulo 64, with 18 bits after the point.
    package var absoluteSendTime: UInt32?
    /// 24 bits, signed, in ticks of the timestamp.
    package var transmissionOffset: Int32?
    package var transportSequence: UInt16?
    package var videoOrientation: VideoOrientation?
    package var playoutDelay: PlayoutDelay?
    package var absoluteCaptureTime: AbsoluteCaptureTime?

    /// Nothing.
    package init() {}

    /// What the extensions of `packet` say by `map`; those of a wrong length or without an identifier in `map` are
    /// ignored, and of two of a kind the last counts.
    package init(_ header: RTPHeader, in packet: RawSpan, map: borrowing HeaderExtensionMap) {
        guard !header.extensionRange.isEmpty else { return }
        var elements = HeaderExtensionElements(header)
        while let element = elements.next(in: packet) {
            guard let number = map.number(of: element.id), let value = packet.slice(element.value) else { continue }
            self.take(value, number: number)
        }
    }

    private mutating func take(_ value: RawSpan, number: UInt8) {
        let first = value.byte(at: 0)
        switch (number, value.byteCount) {
        case (0, _): self.mid = StreamName(value) ?? self.mid
        case (1, _): self.rid = StreamName(value) ?? self.rid
        case (2, _): self.repairedRid = StreamName(value) ?? self.repairedRid
        case (3, 1): self.audioLevel = first.map { AudioLevel(byte: $0) }
        case (4, 1...): self.csrcAudioLevels = CSRCAudioLevels(value)
        case (5, 3): self.absoluteSendTime = Self.uint24(value)
        case (6, 3):
            self.transmissionOffset = Self.uint24(value).map { Int32(truncatingIfNeeded: $0 << 8) >> 8 }
        // The second version of the draft adds two bytes that ask for feedback.
        case (7, 2), (7, 4): self.transportSequence = value.uint16(at: 0)
        case (8, 1): self.videoOrientation = first.map { VideoOrientation(byte: $0) }
        case (9, 3): self.playoutDelay = Self.uint24(value).map { PlayoutDelay(bits: $0) }
        case (10, 8), (10, 16): self.absoluteCaptureTime = AbsoluteCaptureTime(value)
        default: break
        }
    }

    private static func uint24(_ value: RawSpan) -> UInt32? {
        var reader = ByteReader(value)
        return reader.readUInt24()
    }
}

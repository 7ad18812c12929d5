// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCWire

/// Reads the quantizer of pictures from their bits, as the encoder does not tell it (ITU-T H.264 §7.3.3).
///
/// Understands what OpenH264 writes: frames of I and P slices, without slice groups and weighted prediction.
package struct SliceHeaders {
    private struct PictureParameters {
        var usesArithmeticCoding: Bool
        var hasOrderDelta: Bool
        var quantizer: Int
    }

    private var sequence: SequenceParameterSet?
    private var picture: PictureParameters?

    /// One that has seen no parameter sets.
    package init() {}

    /// The quantizer of the first slice, 0 to 51; `nil` when it is not found.
    package mutating func quantizer(of accessUnit: [UInt8]) -> Int? {
        let bytes = accessUnit.span.bytes
        var scanner = AnnexBScanner()
        while let range = scanner.next(in: bytes) {
            guard let header = bytes.byte(at: range.lowerBound), let unit = bytes.slice(range),
                let payload = bytes.slice(range.lowerBound + 1..<range.upperBound)
            else { return nil }
            switch header & 0x1f {
            case 7: self.sequence = SequenceParameterSet(unit)
            case 8: self.picture = Self.pictureParameters(payload)
            case let type where type == 1 || type == 5:
                // The reference bits of the header decide whether reference marking follows.
                return self.quantizer(of: payload, isKeyFrame: type == 5, isReference: header & 0x60 != 0)
            default: continue
            }
        }
        return nil
    }

    private static func pictureParameters(_ payload: RawSpan) -> PictureParameters? {
        var reader = BitReader(payload)
        guard reader.readUnsigned() != nil, reader.readUnsigned() != nil, let arithmetic = reader.readBit(),
            let order = reader.readBit(), reader.readUnsigned() == 0, reader.readUnsigned() != nil,
            reader.readUnsigned() != nil, reader.readBit() == 0, reader.readBits(2) != nil,
            let quantizer = reader.readSigned()
        else { return nil }
        return PictureParameters(
            usesArithmeticCoding: arithmetic == 1, hasOrderDelta: order == 1, quantizer: 26 + Int(quantizer))
    }

    private func quantizer(of slice: RawSpan, isKeyFrame: Bool, isReference: Bool) -> Int? {
        guard let sequence = self.sequence, let picture = self.picture else { return nil }
        var reader = BitReader(slice)
        guard reader.readUnsigned() != nil, let type = reader.readUnsigned(), [0, 2, 5, 7].contains(type),
            reader.readUnsigned() != nil, reader.readBits(sequence.frameNumberBits) != nil
        else { return nil }
        if isKeyFrame, reader.readUnsigned() == nil { return nil }
        if let bits = sequence.pictureOrderBits {
            guard reader.readBits(bits) != nil else { return nil }
            if picture.hasOrderDelta, reader.readSigned() == nil { return nil }
        }
        let isPredicted = type % 5 == 0
        if isPredicted, !Self.skipReferences(&reader) { return nil }
        if isReference, !Self.skipMarking(&reader, isKeyFrame: isKeyFrame) { return nil }
        if picture.usesArithmeticCoding, isPredicted, reader.readUnsigned() == nil { return nil }
        return reader.readSigned().map { picture.quantizer + Int($0) }.flatMap { (0...51).contains($0) ? $0 : nil }
    }

    /// Passes over how many references there are and their order.
    private static func skipReferences(_ reader: inout BitReader) -> Bool {
        guard let isOverridden = reader.readBit(), isOverridden == 0 || reader.readUnsigned() != nil,
            let isModified = reader.readBit()
        else { return false }
        guard isModified == 1 else { return true }
        while let operation = reader.readUnsigned() {
            if operation == 3 { return true }
            if reader.readUnsigned() == nil { return false }
        }
        return false
    }

    /// Passes over what becomes of the references.
    private static func skipMarking(_ reader: inout BitReader, isKeyFrame: Bool) -> Bool {
        if isKeyFrame { return reader.readBits(2) != nil }
        guard let isAdaptive = reader.readBit() else { return false }
        guard isAdaptive == 1 else { return true }
        while let operation = reader.readUnsigned() {
            if operation == 0 { return true }
            if reader.readUnsigned() == nil || operation == 3 && reader.readUnsigned() == nil { return false }
        }
        return false
    }
}

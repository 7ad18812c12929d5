// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension HeaderExtensionValues {
    /// How much room the elements need.
    struct Size {
        /// `nil` when there is nothing to write.
        var form: HeaderExtensionElements.Form?
        var unpadded = 0
        /// A multiple of four.
        var padded: Int { (self.unpadded &+ 3) & ~3 }
    }

    /// How many extensions are understood: the count of `HeaderExtension.known`.
    private static let known: UInt8 = 11

    /// The room that the values with an identifier in `map` need, and the form that they need.
    func size(with map: borrowing HeaderExtensionMap) -> Size {
        var bytes = 0
        var count = 0
        var fitsOneByte = true
        // A plain loop: this is done twice for each packet.
        var number: UInt8 = 0
        while number < Self.known {
            defer { number &+= 1 }
            guard let length = self.length(of: number), let id = map.id(ofNumber: number) else { continue }
            count &+= 1
            bytes &+= length
            if id > 14 || length == 0 || length > 16 { fitsOneByte = false }
        }
        guard count > 0 else { return Size() }
        return Size(
            form: fitsOneByte ? .oneByte : .twoByte, unpadded: bytes &+ count &* (fitsOneByte ? 1 : 2))
    }

    /// The length of the value of extension `number`; `nil` when it is not set.
    private func length(of number: UInt8) -> Int? {
        switch number {
        case 0: self.mid?.count
        case 1: self.rid?.count
        case 2: self.repairedRid?.count
        case 3: self.audioLevel == nil ? nil : 1
        case 4: self.csrcAudioLevels?.count
        case 5: self.absoluteSendTime == nil ? nil : 3
        case 6: self.transmissionOffset == nil ? nil : 3
        case 7: self.transportSequence == nil ? nil : 2
        case 8: self.videoOrientation == nil ? nil : 1
        case 9: self.playoutDelay == nil ? nil : 3
        case 10: self.absoluteCaptureTime?.size
        default: nil
        }
    }

    /// Writes the elements in `form`, without padding after them.
    func writeElements(
        into writer: inout ByteWriter, with map: borrowing HeaderExtensionMap, form: HeaderExtensionElements.Form
    ) {
        var number: UInt8 = 0
        while number < Self.known {
            defer { number &+= 1 }
            guard let length = self.length(of: number), let id = map.id(ofNumber: number) else { continue }
            switch form {
            case .oneByte: writer.write(id << 4 | UInt8(truncatingIfNeeded: length &- 1))
            case .twoByte:
                writer.write(id)
                writer.write(UInt8(truncatingIfNeeded: length))
            }
            self.writeValue(of: number, into: &writer)
        }
    }

    private func writeValue(of number: UInt8, into writer: inout ByteWriter) {
        switch number {
        case 0: self.mid?.write(into: &writer)
        case 1: self.rid?.write(into: &writer)
        case 2: self.repairedRid?.write(into: &writer)
        case 3: if let level = self.audioLevel { writer.write(level.byte) }
        case 4: self.csrcAudioLevels?.write(into: &writer)
        case 5: if let time = self.absoluteSendTime { writer.writeUInt24(time) }
        case 6: if let offset = self.transmissionOffset { writer.writeUInt24(UInt32(bitPattern: offset)) }
        case 7: if let sequence = self.transportSequence { writer.write(sequence) }
        case 8: if let orientation = self.videoOrientation { writer.write(orientation.byte) }
        case 9: if let delay = self.playoutDelay { writer.writeUInt24(delay.bits) }
        case 10: self.absoluteCaptureTime?.write(into: &writer)
        default: break
        }
    }
}

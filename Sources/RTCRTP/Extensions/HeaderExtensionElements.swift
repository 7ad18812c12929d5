// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Walks over the elements of a packet's header extension block, in either form (RFC 8285 §4.2, §4.3).
///
/// ```
/// one-byte:  |  ID   | L-1 | value …      profile 0xBEDE
/// two-byte:  |      ID     |      L      | value …      profile 0x100x
/// ```
/// A cursor only: it takes the packet with each step. Unknown profiles have no elements.
package struct HeaderExtensionElements {
    /// How elements are coded.
    package enum Form: Hashable, Sendable {
        case oneByte
        case twoByte

        /// The 16 bits that announce the form.
        package var profile: UInt16 { self == .oneByte ? 0xBEDE : 0x1000 }

        /// The form that `profile` announces; the low four bits of the two-byte one are the application's.
        init?(profile: UInt16) {
            if profile == 0xBEDE {
                self = .oneByte
            } else if profile & 0xFFF0 == 0x1000 {
                self = .twoByte
            } else {
                return nil
            }
        }
    }

    private let form: Form
    private var position: Int
    private let end: Int

    /// The elements of the packet that `header` was parsed from.
    package init(_ header: RTPHeader) {
        self.position = header.extensionRange.lowerBound
        if let form = Form(profile: header.extensionProfile) {
            self.form = form
            self.end = header.extensionRange.upperBound
        } else {
            self.form = .oneByte
            self.end = self.position
        }
    }

    /// The identifier of the next element and where in `packet` its value lies; `nil` at the end, and where an element
    /// passes it.
    package mutating func next(in packet: RawSpan) -> (id: UInt8, value: Range<Int>)? {
        while self.position < self.end, let first = packet.byte(at: self.position) {
            self.position &+= 1
            // A zero is padding (RFC 8285 §4.1).
            if first == 0 { continue }
            switch self.form {
            case .oneByte:
                let id = first >> 4
                // "its length field MUST be ignored, processing of the entire extension MUST terminate" (§4.2).
                if id == 0 || id == 15 { return self.finish() }
                return self.take(id: id, length: Int(first & 0x0F) &+ 1)
            case .twoByte:
                guard self.position < self.end, let length = packet.byte(at: self.position) else {
                    return self.finish()
                }
                self.position &+= 1
                return self.take(id: first, length: Int(length))
            }
        }
        return nil
    }

    private mutating func take(id: UInt8, length: Int) -> (id: UInt8, value: Range<Int>)? {
        guard length <= self.end &- self.position else { return self.finish() }
        let start = self.position
        self.position &+= length
        return (id, start..<self.position)
    }

    private mutating func finish() -> (id: UInt8, value: Range<Int>)? {
        self.position = self.end
        return nil
    }
}

// SPDX-License-Identifier: Apache-2.0

extension RTPMapAttribute {
    /// What a payload type means without an `a=rtpmap` line (RFC 3551 §6, table 4); `nil` for dynamic ones.
    package static func implied(by payloadType: UInt8) -> RTPMapAttribute? {
        let entry: (encoding: String, clockRate: UInt32, channels: UInt8?)? =
            switch payloadType {
            case 0: ("PCMU", 8000, nil)
            case 3: ("GSM", 8000, nil)
            case 4: ("G723", 8000, nil)
            case 5: ("DVI4", 8000, nil)
            case 6: ("DVI4", 16000, nil)
            case 7: ("LPC", 8000, nil)
            case 8: ("PCMA", 8000, nil)
            case 9: ("G722", 8000, nil)
            case 10: ("L16", 44100, 2)
            case 11: ("L16", 44100, nil)
            case 12: ("QCELP", 8000, nil)
            case 13: ("CN", 8000, nil)
            case 14: ("MPA", 90000, nil)
            case 15: ("G728", 8000, nil)
            case 16: ("DVI4", 11025, nil)
            case 17: ("DVI4", 22050, nil)
            case 18: ("G729", 8000, nil)
            case 25: ("CelB", 90000, nil)
            case 26: ("JPEG", 90000, nil)
            case 28: ("nv", 90000, nil)
            case 31: ("H261", 90000, nil)
            case 32: ("MPV", 90000, nil)
            case 33: ("MP2T", 90000, nil)
            case 34: ("H263", 90000, nil)
            default: nil
            }
        return entry.map {
            RTPMapAttribute(
                payloadType: payloadType, encoding: $0.encoding, clockRate: $0.clockRate, channels: $0.channels)
        }
    }

    /// The static payload type of an encoding; `nil` when it has none.
    package static func staticPayloadType(encoding: String, clockRate: UInt32, channels: UInt8) -> UInt8? {
        let name = encoding.lowercased()
        return (UInt8(0)..<35).first { type in
            guard let map = Self.implied(by: type) else { return false }
            return map.encoding.lowercased() == name && map.clockRate == clockRate && (map.channels ?? 1) == channels
        }
    }
}

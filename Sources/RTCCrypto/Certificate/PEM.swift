// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// The text form of keys and certificates (RFC 7468): base64 between two marker lines.
enum PEM {
    /// The bytes as a section named `label`, in lines of 64 characters.
    static func encode(_ bytes: [UInt8], label: String) -> String {
        let base64 = [UInt8](unsafeUninitializedCapacity: bytes.count / 3 * 4 + 8) { buffer, count in
            count = EVP_EncodeBlock(buffer.baseAddress, bytes, bytes.count)
        }
        var text = "-----BEGIN \(label)-----\n"
        for start in stride(from: 0, to: base64.count, by: 64) {
            text += String(decoding: base64[start..<min(start + 64, base64.count)], as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }

    /// The bytes of the first section named `label`; `nil` when there is none or it is not base64.
    static func decode(_ text: String, label: String) -> [UInt8]? {
        var base64: [UInt8]?
        for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = line.trimmingSpaces
            if line.elementsEqual("-----BEGIN \(label)-----".utf8) {
                base64 = []
            } else if line.elementsEqual("-----END \(label)-----".utf8), let base64 {
                return Self.decodeBase64(base64)
            } else {
                base64?.append(contentsOf: line)
            }
        }
        return nil
    }

    private static func decodeBase64(_ base64: [UInt8]) -> [UInt8]? {
        var isValid = false
        let bytes = [UInt8](unsafeUninitializedCapacity: base64.count) { buffer, count in
            isValid = EVP_DecodeBase64(buffer.baseAddress, &count, buffer.count, base64, base64.count) == 1
            if !isValid { count = 0 }
        }
        return isValid && !bytes.isEmpty ? bytes : nil
    }
}

extension Substring.UTF8View {
    fileprivate var trimmingSpaces: Substring.UTF8View {
        var view = self
        while view.last == 0x20 || view.last == 0x09 { view.removeLast() }
        while view.first == 0x20 || view.first == 0x09 { view.removeFirst() }
        return view
    }
}

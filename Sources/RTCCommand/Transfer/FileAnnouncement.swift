// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What the sender of a file tells about it: the channel's protocol, such as `filexfer; size=1024; name=notes.txt`.
///
/// A peer that does not know the form, as aiortc's example, ignores it, and announces nothing itself.
struct FileAnnouncement: Equatable {
    /// The number of bytes; `nil` when it is not told.
    var size: Int?
    /// The name without any folder; `nil` when it is not told, or is none that may be written.
    var name: String?

    init(size: Int, name: String) {
        self.size = size
        self.name = name
    }

    /// Reads a channel's protocol; what a peer says can never name another folder or a hidden file.
    init(protocol text: String) {
        let fields = text.components(separatedBy: "; ")
        guard fields.first == "filexfer" else { return }
        for field in fields.dropFirst() {
            if field.hasPrefix("size=") {
                self.size = Int(field.dropFirst("size=".count)).flatMap { $0 < 0 ? nil : $0 }
            } else if field.hasPrefix("name="), let name = field.dropFirst("name=".count).removingPercentEncoding {
                self.name = Self.isSafe(name) ? name : nil
            }
        }
    }

    /// The text for a channel's protocol.
    var text: String {
        var fields = ["filexfer"]
        if let size { fields.append("size=\(size)") }
        if let name = name?.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting([";"])) {
            fields.append("name=\(name)")
        }
        return fields.joined(separator: "; ")
    }

    private static func isSafe(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255 && !name.hasPrefix(".")
            && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.properties.generalCategory == .control }
    }
}

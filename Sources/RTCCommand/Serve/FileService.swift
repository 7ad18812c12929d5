// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NIOCore
internal import RTC
internal import RTCCrypto

/// Takes a file from a page and gives it back.
///
/// In: a text `{"name", "size", "type"}`, the bytes, the text `end`; answered with `{"received", "sha256"}`.
/// Out: the text `{"get": true}` is answered with the same framing.
struct FileService {
    /// The size of the messages that a file is cut into.
    static let chunkSize = 16_384
    /// The largest file that is kept, in bytes.
    static let fileBound = 64 << 20

    private struct Header: Codable {
        var name: String?
        var size: Int?
        var type: String?
        var get: Bool?
    }

    private struct Receipt: Encodable {
        let received: Int
        let sha256: String
    }

    private let channel: RTCDataChannel

    init(_ channel: RTCDataChannel) { self.channel = channel }

    func run() async throws {
        var header: Header?
        var content: [UInt8] = []
        for try await message in self.channel.messages {
            switch message {
            case .binary(let bytes):
                guard content.count + bytes.readableBytes <= Self.fileBound else { return try await self.refuse() }
                content += bytes.readableBytesView
            case .text("end"):
                let digest = HashFunction.sha256.digest(content.span.bytes)
                let hex = digest.map { String(format: "%02x", $0) }.joined()
                try await self.send(Receipt(received: content.count, sha256: hex))
            case .text(let text):
                guard let request = try? JSONDecoder().decode(Header.self, from: Data(text.utf8)) else {
                    try await self.send(["error": "expected {\"name\", \"size\", \"type\"}, \"end\" or {\"get\": true}"]
                    )
                    continue
                }
                if request.get != true {
                    guard request.size ?? 0 <= Self.fileBound else { return try await self.refuse() }
                    header = request
                    content = []
                } else if let header {
                    try await self.give(header, content)
                } else {
                    try await self.send(["error": "no file has come yet"])
                }
            }
        }
    }

    /// Tells the page that its file is too large, and closes the channel.
    private func refuse() async throws {
        try await self.send(["error": "the file is larger than \(Self.fileBound >> 20) MiB"])
        self.channel.close()
    }

    private func give(_ header: Header, _ content: [UInt8]) async throws {
        try await self.send(header)
        for start in stride(from: 0, to: content.count, by: Self.chunkSize) {
            try await self.channel.send(Array(content[start..<min(start + Self.chunkSize, content.count)]))
        }
        try await self.channel.send("end")
    }

    private func send(_ value: some Encodable) async throws {
        try await self.channel.send(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NIOCore
internal import RTC

/// What the demo server does with one channel; its label says which.
struct ChannelService {
    private let channel: RTCDataChannel

    init(_ channel: RTCDataChannel) { self.channel = channel }

    /// Serves the channel until it closes.
    func run() async {
        do {
            switch self.channel.label {
            case let label where label.hasPrefix("echo"): try await self.echo()
            case let label where label.hasPrefix("chat"): try await self.chat()
            case let label where label.hasPrefix("close"): try await self.closeAtFirstMessage()
            case let label where label.hasPrefix("sink"): try await self.count()
            case let label where label.hasPrefix("source"): try await self.produce()
            case let label where label.hasPrefix("file"): try await FileService(self.channel).run()
            default: for try await _ in self.channel.messages {}
            }
        } catch {
            // The channel or its connection ended; there is nobody left to tell.
        }
    }

    private func echo() async throws {
        for try await message in self.channel.messages { try await self.channel.send(message) }
    }

    private func chat() async throws {
        for try await message in self.channel.messages {
            guard case .text(let text) = message, text.hasPrefix("ping") else { continue }
            try await self.channel.send("pong" + text.dropFirst("ping".count))
        }
    }

    private func closeAtFirstMessage() async throws {
        for try await _ in self.channel.messages { self.channel.close() }
    }

    /// Counts the bytes that come in; the text `total` asks for the count.
    private func count() async throws {
        var total = 0
        for try await message in self.channel.messages {
            switch message {
            case .text("total"): try await self.channel.send(String(total))
            case .text: break
            case .binary(let bytes): total += bytes.readableBytes
            }
        }
    }

    /// Sends as many bytes as each text asks for.
    private func produce() async throws {
        let chunk = [UInt8](repeating: 0, count: FileService.chunkSize)
        for try await message in self.channel.messages {
            guard case .text(let text) = message, var left = Int(text), left > 0 else { continue }
            while left > 0 {
                let size = min(left, chunk.count)
                try await self.channel.send(size == chunk.count ? chunk : Array(chunk.prefix(size)))
                left -= size
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import RTC
internal import RTCSignaling

/// `rtc receive`: a file from whoever runs `rtc send`.
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receive a file from another terminal that runs \"rtc send\".",
        discussion: "aiortc's datachannel-filexfer example may stand at the other end.")

    /// How long the sender may take to agree that the channel is closed.
    private static let closeTimeout = Duration.seconds(5)

    @Argument(help: "The file to write; by default the sender's name for it, in this folder.")
    var file: String?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @OptionGroup var options: SignalingOptions

    func run() async throws {
        // A file that cannot be written is found out before anybody waits for it.
        let named = try self.file.map { try PartialFile(path: $0, replaces: self.force) }
        let sources = named?.discardOnSignal() ?? []
        defer { for source in sources { source.cancel() } }
        let signaling = self.options.open()
        self.options.announce(waiting: false)
        do {
            try await FileTransfer.withConnection(options: self.options, signaling: signaling) { connection in
                let channels = connection.dataChannels
                try await FileTransfer.answer(with: connection, over: signaling)
                let channel = try await FileTransfer.firstChannel(of: channels, connection: connection)
                try await self.receive(from: channel, into: named)
                // The sender takes the channel's end as the confirmation: only now is the file in its place.
                await self.close(channel)
                try? await signaling.send(.bye)
            }
        } catch {
            named?.discard()
            throw error
        }
    }

    private func receive(from channel: RTCDataChannel, into named: PartialFile?) async throws {
        let announcement = FileAnnouncement(protocol: channel.protocol)
        let target = try named ?? self.target(for: announcement)
        let sources = named == nil ? target.discardOnSignal() : []
        defer { for source in sources { source.cancel() } }
        do {
            try await self.receive(from: channel, size: announcement.size, into: target)
            try target.complete()
        } catch {
            target.discard()
            throw error
        }
    }

    private func target(for announcement: FileAnnouncement) throws -> PartialFile {
        guard let name = announcement.name else {
            throw CommandFailure(
                "the sender does not tell its file's name; start both again, here with \"rtc receive FILE\"")
        }
        FileHandle.standardError.write(Data("Receiving \(name)\n".utf8))
        return try PartialFile(path: name, replaces: self.force)
    }

    /// Writes everything up to the empty message that marks the end.
    private func receive(from channel: RTCDataChannel, size: Int?, into target: PartialFile) async throws {
        let bar = ProgressBar(total: size)
        var received = 0
        var isComplete = false
        defer { if !isComplete { bar.interrupt() } }
        do {
            for try await message in channel.messages {
                guard message.byteCount > 0 else {
                    guard size == nil || size == received else {
                        throw CommandFailure(
                            "\(received) bytes came instead of \(size ?? 0); the file changed while it was sent. Send it again"
                        )
                    }
                    isComplete = true
                    return bar.finish(received)
                }
                try target.write(message.bytes)
                received += message.byteCount
                bar.update(received)
            }
        } catch let error as RTCError {
            throw CommandFailure(
                "the connection ended after \(received) bytes; the file is incomplete and was removed. Start both again",
                underlying: error.message)
        }
        throw CommandFailure(
            "the sender closed the channel after \(received) bytes; the file is incomplete and was removed. Start both again"
        )
    }

    private func close(_ channel: RTCDataChannel) async {
        channel.close()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await state in channel.states where state == .closed { return } }
            group.addTask { try? await Task.sleep(for: Self.closeTimeout) }
            await group.next()
            group.cancelAll()
        }
    }
}

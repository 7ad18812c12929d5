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

    @Argument(help: "The file to write.")
    var file: String

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @OptionGroup var options: SignalingOptions

    func run() async throws {
        let target = try PartialFile(path: self.file, replaces: self.force)
        let sources = target.discardOnSignal()
        defer { for source in sources { source.cancel() } }
        let signaling = self.options.open()
        self.options.announce(waiting: false)
        do {
            try await FileTransfer.withConnection(options: self.options, signaling: signaling) { connection in
                let channels = connection.dataChannels
                try await FileTransfer.answer(with: connection, over: signaling)
                let channel = try await FileTransfer.firstChannel(of: channels, connection: connection)
                try await self.receive(from: channel, into: target)
                try target.complete()
                // The sender takes the channel's end as the confirmation: only now is the file in its place.
                await self.close(channel)
                try? await signaling.send(.bye)
            }
        } catch {
            target.discard()
            throw error
        }
    }

    /// Writes everything up to the empty message that marks the end.
    private func receive(from channel: RTCDataChannel, into target: PartialFile) async throws {
        let size = FileTransfer.size(inProtocol: channel.protocol)
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

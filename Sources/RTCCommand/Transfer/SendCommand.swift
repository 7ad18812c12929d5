// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import RTC
internal import RTCSignaling

/// `rtc send`: a file to whoever runs `rtc receive`.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a file to another terminal that runs \"rtc receive\".",
        discussion: "aiortc's datachannel-filexfer example may stand at the other end.")

    @Argument(help: "The file to send.")
    var file: String

    @OptionGroup var options: SignalingOptions

    func run() async throws {
        let handle: FileHandle
        let size: Int
        do {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: self.file))
            size = Int(try handle.seekToEnd())
            try handle.seek(toOffset: 0)
        } catch {
            throw CommandFailure("cannot read \(self.file): \(error.localizedDescription)")
        }
        let signaling = self.options.open()
        try await FileTransfer.withConnection(options: self.options, signaling: signaling) { connection in
            let channel = try await connection.createDataChannel(
                FileTransfer.label, options: RTCDataChannelInit(protocol: FileTransfer.sizeProtocol(size)))
            try await FileTransfer.offer(from: connection, over: signaling)
            try await FileTransfer.waitUntilOpen(channel, of: connection)
            var bar = ProgressBar(total: size)
            var sent = 0
            while let chunk = try handle.read(upToCount: FileTransfer.chunkSize), !chunk.isEmpty {
                try await channel.send(Array(chunk))
                sent += chunk.count
                bar.update(sent - channel.bufferedAmount)
            }
            // An empty message marks the end, as in aiortc's example.
            try await channel.send([UInt8]())
            // The receiver says goodbye when it has everything; without that the file may not have arrived.
            guard try await signaling.receive() == .bye || signaling is RTCCopyAndPasteSignaling else {
                throw CommandFailure("the receiver left without confirming; the file may be incomplete")
            }
            bar.finish(sent)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import RTC
internal import RTCSignaling

/// `rtc receive`: a file from whoever runs `rtc send`.
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receive a file from another terminal that runs \"rtc send\".",
        discussion: "aiortc's datachannel-filexfer example may stand at the other end.")

    @Argument(help: "The file to write.")
    var file: String

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @OptionGroup var options: SignalingOptions

    func run() async throws {
        guard self.force || !FileManager.default.fileExists(atPath: self.file) else {
            throw CommandFailure("\(self.file) exists already; choose another name, or replace it with --force")
        }
        guard FileManager.default.createFile(atPath: self.file, contents: nil),
            let handle = FileHandle(forWritingAtPath: self.file)
        else { throw CommandFailure("cannot write \(self.file); check the folder and its permissions") }
        let signaling = self.options.open()
        try await FileTransfer.withConnection(options: self.options, signaling: signaling) { connection in
            let channels = connection.dataChannels
            try await FileTransfer.answer(with: connection, over: signaling)
            let channel = try await FileTransfer.firstChannel(of: channels, connection: connection)
            var bar = ProgressBar(total: FileTransfer.size(inProtocol: channel.protocol))
            var received = 0
            for try await message in channel.messages {
                guard message.byteCount > 0 else {
                    try handle.close()
                    bar.finish(received)
                    return try await signaling.send(.bye)
                }
                guard case .binary(let bytes) = message else { continue }
                try handle.write(contentsOf: Data(bytes.readableBytesView))
                received += bytes.readableBytes
                bar.update(received)
            }
            throw CommandFailure("the sender closed the channel after \(received) bytes; the file is incomplete")
        }
    }
}

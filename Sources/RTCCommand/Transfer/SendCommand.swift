// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import RTC
internal import RTCSignaling
internal import Synchronization

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
        let (handle, size) = try self.openFile()
        let signaling = self.options.open()
        self.options.announce(waiting: true)
        try await FileTransfer.withConnection(options: self.options, signaling: signaling) { connection in
            let announcement = FileAnnouncement(size: size, name: URL(fileURLWithPath: self.file).lastPathComponent)
            let channel = try await connection.createDataChannel(
                FileTransfer.label, options: RTCDataChannelInit(protocol: announcement.text))
            try await FileTransfer.offer(from: connection, over: signaling)
            let bar = ProgressBar(total: size)
            do { try await self.send(handle, over: channel, signaling: signaling, bar: bar) } catch {
                bar.interrupt()
                throw error
            }
            bar.finish(size)
            try? await signaling.send(.bye)
        }
    }

    private func openFile() throws -> (FileHandle, size: Int) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: self.file, isDirectory: &isFolder) else {
            throw CommandFailure("cannot read \(self.file): there is no such file")
        }
        guard !isFolder.boolValue else {
            throw CommandFailure("cannot send \(self.file): it is a folder; pack it first")
        }
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: self.file))
            let size = Int(try handle.seekToEnd())
            try handle.seek(toOffset: 0)
            return (handle, size)
        } catch {
            throw CommandFailure("cannot read \(self.file): \(error.localizedDescription)")
        }
    }

    /// Sends everything, and returns when the receiver has confirmed it over the channel or over signaling.
    private func send(
        _ handle: FileHandle, over channel: RTCDataChannel, signaling: any RTCSignaling, bar: ProgressBar
    ) async throws {
        let isSent = Flag()
        let isByHand = self.options.signaling == .copyAndPaste
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await channel.waitUntilOpen()
                var sent = 0
                while let chunk = try handle.read(upToCount: FileTransfer.chunkSize), !chunk.isEmpty {
                    try await channel.send(Array(chunk))
                    sent += chunk.count
                    bar.update(sent - channel.bufferedAmount)
                }
                isSent.set()
                // An empty message marks the end, as in aiortc's example.
                try await channel.send([UInt8]())
                try await Self.waitUntilClosed(channel)
            }
            group.addTask {
                while let message = try await signaling.receive() {
                    if message != .bye { continue }
                    if isSent.isSet, channel.bufferedAmount == 0 { return }
                    throw CommandFailure("the receiver left before it had everything; see what it says")
                }
                // Nobody pastes a goodbye: the channel alone tells.
                if isByHand { return try await Task.sleep(for: .seconds(365 * 86_400)) }
                throw CommandFailure("the receiver left without confirming; the file may be incomplete there")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { self.value.load(ordering: .acquiring) }
        func set() { self.value.store(true, ordering: .releasing) }
    }

    /// Waits for the receiver to close the channel after everything has arrived.
    private static func waitUntilClosed(_ channel: RTCDataChannel) async throws {
        for await state in channel.states where state == .closed { break }
        try Task.checkCancellation()
        if let failure = channel.failure {
            throw CommandFailure(
                "the receiver went away without confirming; the file may be incomplete there",
                underlying: failure.message)
        }
        guard channel.bufferedAmount == 0 else {
            throw CommandFailure("the receiver closed the channel before it had everything; see what it says")
        }
    }
}

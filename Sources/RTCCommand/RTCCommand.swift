// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The program `rtc`.
@main
struct RTCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rtc",
        abstract: "WebRTC from the command line: a demo server, and files from one terminal to another.",
        subcommands: [ServeCommand.self, SendCommand.self, ReceiveCommand.self])
}

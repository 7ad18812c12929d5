// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import RTC

/// `rtc serve`: the demo server.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a page that a browser connects from, and an HTTP interface for any other client.",
        discussion: """
            POST /offer with {"sdp": …, "type": "offer"} answers {"sdp": …, "type": "answer"}. A channel whose label \
            starts with "echo" gets each message back; "chat" answers ping… with pong….
            """)

    @Option(help: "The address to listen on; 0.0.0.0 for all of this machine's.")
    var host = "127.0.0.1"

    @Option(help: "The TCP port to listen on; 0 lets the system choose.")
    var port = 8080

    @Flag(help: "Offer loopback addresses to peers even when listening on another address.")
    var loopback = false

    func validate() throws {
        guard (0...65_535).contains(self.port) else {
            throw ValidationError("--port \(self.port) is no TCP port; use 0 to 65535.")
        }
    }

    func run() async throws {
        let isLocal = self.host == "localhost" || self.host == "::1" || self.host.hasPrefix("127.")
        let configuration = RTCConfiguration(
            addresses: RTCAddressSelection(includesLoopback: self.loopback || isLocal))
        let server = DemoServer(sessions: SessionTable(configuration: configuration))
        do {
            try await server.run(host: self.host, port: self.port)
        } catch {
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw CommandFailure(
                "cannot listen on \(self.host):\(self.port): \(reason); try another --port or --host, or --port 0")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import RTCSignaling

/// How the two terminals find each other; the names and defaults are those of aiortc's examples.
struct SignalingOptions: ParsableArguments {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case copyAndPaste = "copy-and-paste"
        case tcpSocket = "tcp-socket"
        case unixSocket = "unix-socket"
    }

    @Option(name: [.short, .long], help: "How the two ends exchange their descriptions.")
    var signaling = Kind.copyAndPaste

    @Option(help: "The host to meet at, for tcp-socket.")
    var signalingHost = "127.0.0.1"

    @Option(help: "The port to meet at, for tcp-socket.")
    var signalingPort = 1_234

    @Option(help: "The path to meet at, for unix-socket.")
    var signalingPath = "aiortc.socket"

    @Flag(help: "Use loopback addresses too, for two ends on one machine without a network.")
    var loopback = false

    func validate() throws {
        guard (1...65_535).contains(self.signalingPort) else {
            throw ValidationError("--signaling-port \(self.signalingPort) is no TCP port; use 1 to 65535.")
        }
    }

    /// Tells the person what is waited for.
    func announce(waiting: Bool) {
        let place: String
        switch self.signaling {
        case .copyAndPaste: return
        case .tcpSocket: place = "\(self.signalingHost):\(self.signalingPort)"
        case .unixSocket: place = self.signalingPath
        }
        let text = waiting ? "Waiting for \"rtc receive\" at \(place)" : "Looking for \"rtc send\" at \(place)"
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    func open() -> any RTCSignaling {
        switch self.signaling {
        case .copyAndPaste: RTCCopyAndPasteSignaling()
        case .tcpSocket: RTCSocketSignaling(.tcp(host: self.signalingHost, port: self.signalingPort))
        case .unixSocket: RTCSocketSignaling(.unix(path: self.signalingPath))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A forwarding process, ours or another's, as its publisher and subscribers see it.
struct ForwarderProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(command: [String]) throws {
        guard let program = command.first else { throw Failure("which program forwards?") }
        self.process.executableURL = URL(fileURLWithPath: program)
        self.process.arguments = Array(command.dropFirst())
        self.process.standardInput = self.input
        self.process.standardOutput = self.output
        try self.process.run()
    }

    /// Asks one thing and waits for the answer.
    func ask(_ request: Forwarder.Message) throws -> Forwarder.Message {
        try self.input.fileHandleForWriting.write(contentsOf: try JSONEncoder().encode(request) + Data("\n".utf8))
        var answer = Data()
        while answer.last != UInt8(ascii: "\n") {
            let part = self.output.fileHandleForReading.availableData
            guard !part.isEmpty else { throw Failure("the forwarder ended") }
            answer += part
        }
        return try JSONDecoder().decode(Forwarder.Message.self, from: answer)
    }

    /// The processor time that it has used, of all threads, as Linux tells it in hundredths of a second.
    func cpuSeconds() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(self.process.processIdentifier)/stat", encoding: .utf8)
        // The name of the program, in brackets, may have blanks in it.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
            throw Failure("/proc/…/stat has another form")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    func end() {
        try? self.input.fileHandleForWriting.close()
        self.process.terminate()
        self.process.waitUntilExit()
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation

/// A file that has its name only once it is complete; before that it is `NAME.part` beside it.
///
/// What is no regular file, such as `/dev/null` or a pipe, is written directly.
final class PartialFile {
    private let path: String
    private let partialPath: String?
    private let handle: FileHandle
    private var isComplete = false

    /// Opens the file for writing; throws `CommandFailure` when it exists and `replaces` is false, or cannot be written.
    init(path: String, replaces: Bool) throws {
        self.path = path
        let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
        if type == .typeDirectory { throw CommandFailure("cannot write \(path): it is a folder; name a file in it") }
        if type == .typeRegular, !replaces {
            throw CommandFailure("\(path) exists already; choose another name, or replace it with --force")
        }
        let isDirect = type != nil && type != .typeRegular && type != .typeSymbolicLink
        self.partialPath = isDirect ? nil : path + ".part"
        if let partialPath, !FileManager.default.createFile(atPath: partialPath, contents: nil) {
            throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno))); check the folder")
        }
        do {
            self.handle = try FileHandle(forWritingTo: URL(fileURLWithPath: self.partialPath ?? path))
        } catch {
            throw CommandFailure("cannot write \(path): \(error.localizedDescription)")
        }
    }

    /// Removes what there is when a signal ends the program, as Ctrl-C does. Hold the result as long as that shall be.
    func discardOnSignal() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            let partialPath = self.partialPath
            source.setEventHandler {
                // Once it is complete there is no such file any more.
                if let partialPath { try? FileManager.default.removeItem(atPath: partialPath) }
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    func write(_ bytes: [UInt8]) throws {
        do { try self.handle.write(contentsOf: Data(bytes)) } catch {
            throw CommandFailure("cannot write \(self.path): \(error.localizedDescription)")
        }
    }

    /// Gives the file its name.
    func complete() throws {
        try? self.handle.close()
        if let partialPath, rename(partialPath, self.path) != 0 {
            throw CommandFailure("cannot write \(self.path): \(String(cString: strerror(errno)))")
        }
        self.isComplete = true
    }

    /// Removes what there is, if it is not complete.
    func discard() {
        guard !self.isComplete, let partialPath else { return }
        try? self.handle.close()
        try? FileManager.default.removeItem(atPath: partialPath)
    }
}

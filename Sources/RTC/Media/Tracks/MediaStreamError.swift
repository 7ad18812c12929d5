// SPDX-License-Identifier: Apache-2.0

/// A track cannot give a frame, because it has ended.
public struct MediaStreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, a sentence without a full stop.
    public let message: String

    /// An error; without a message that of a track that was stopped.
    public init(_ message: String = "the track has ended") { self.message = message }

    /// The message.
    public var description: String { self.message }
}

// SPDX-License-Identifier: Apache-2.0

/// The frames of a track until it ends.
///
/// Several iterations share the frames: each is given to one of them.
public struct TrackFrames<Element: Sendable>: AsyncSequence, Sendable {
    private let recv: @Sendable () async throws -> Element

    init(_ recv: @escaping @Sendable () async throws -> Element) { self.recv = recv }

    /// Asks the track for each frame.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let recv: @Sendable () async throws -> Element

        /// The next frame; `nil` when the track has ended. Throws what else the track throws.
        public mutating func next() async throws -> Element? {
            do {
                return try await self.recv()
            } catch is MediaStreamError {
                return nil
            }
        }
    }

    /// An iterator that asks the track for each frame.
    public func makeAsyncIterator() -> Iterator { Iterator(recv: self.recv) }
}

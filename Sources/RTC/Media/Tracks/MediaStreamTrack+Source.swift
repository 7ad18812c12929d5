// SPDX-License-Identifier: Apache-2.0

extension MediaStreamTrack {
    /// The next frame of a source, with which the track ends.
    func next(of source: FrameSource<Frame>) async throws -> Frame {
        try self.core.checkLive()
        do {
            if let frame = try await source.next() { return frame }
        } catch let error as CancellationError {
            // Of this reader: the source goes on for others.
            throw error
        } catch {
            self.stop()
            throw error
        }
        self.stop()
        throw MediaStreamError()
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Why a payload, or the frame made of payloads, is discarded.
package enum PayloadError: Error, Hashable, Sendable {
    /// It ends within a field.
    case truncated
    /// It breaks a rule of its format.
    case malformed
    /// It is of a kind that was not negotiated, such as an interleaved H.264 packet.
    case unsupported
    /// It claims a picture above the ``PictureLimits``.
    case pictureTooLarge
}

/// The largest picture that is taken from a peer: decoders allocate what a frame's first bytes claim.
package struct PictureLimits: Hashable, Sendable {
    /// The most pixels; H.264 level 5.2 unless somebody says otherwise.
    package var pixels = 4_096 * 2_304
    /// The most pixels in a row, or rows.
    package var dimension = 8_192

    /// The defaults.
    package init() {}

    /// Whether `size` is allowed.
    package func allow(_ size: PictureSize) -> Bool {
        size.width <= self.dimension && size.height <= self.dimension && size.width * size.height <= self.pixels
    }
}

/// The size of a coded picture in pixels.
package struct PictureSize: Hashable, Sendable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

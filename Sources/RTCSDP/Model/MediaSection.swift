// SPDX-License-Identifier: Apache-2.0

/// A media section: its `m=` line and all that follows until the next one (RFC 8866 §5.14).
package struct MediaSection: Hashable, Sendable, AttributeContainer {
    /// The `m=` line.
    package var line: MediaLine
    /// `i=` lines.
    package var information: [OtherLine] = []
    package var connections: [ConnectionData] = []
    package var bandwidths: [Bandwidth] = []
    /// `k=` lines; WebRTC never uses them (RFC 8827 §6.5).
    package var keys: [OtherLine] = []
    /// All attributes of the section.
    package var attributes: [Attribute] = []

    /// A section with nothing but its line.
    package init(line: MediaLine) { self.line = line }

    /// Whether the section is refused or stopped: port 0 without `bundle-only` (RFC 9143 §6).
    package var isRejected: Bool { self.line.port == 0 && !self.isBundleOnly }
}

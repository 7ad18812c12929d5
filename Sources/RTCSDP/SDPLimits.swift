// SPDX-License-Identifier: Apache-2.0

/// How much of a session description a parser accepts; a peer decides none of these quantities alone.
package struct SDPLimits: Hashable, Sendable {
    /// Bytes of the whole text.
    package var bytes = 256 * 1024
    /// Lines of the whole text.
    package var lines = 16_384
    /// Bytes of one line, without its end.
    package var lineBytes = 16 * 1024
    /// Media sections.
    package var mediaSections = 256
    /// Candidate attributes in all sections together.
    package var candidates = 1_024

    /// The usual budgets.
    package init() {}

    /// What the parsers use when nothing else is said.
    package static let standard = SDPLimits()
}

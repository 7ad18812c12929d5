// SPDX-License-Identifier: Apache-2.0

/// Why a name gave no address.
package enum NameResolutionError: Error, Equatable, Sendable {
    /// Not a name of the kind that this resolver looks up.
    case invalidName
    /// More look-ups are under way than the budget allows.
    case tooManyLookups
    /// Nobody answered in time.
    case timedOut
    /// The name has no address.
    case notFound
    /// No interface could be used to ask.
    case noInterface
    /// The resolver was closed.
    case closed
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// Why an operation was refused. The negotiation is then exactly as it was before.
package struct NegotiationError: Error, Hashable, Sendable {
    /// The names that the W3C specification gives to errors.
    package enum Code: String, Hashable, Sendable {
        /// The operation does not fit the signaling state.
        case invalidState = "InvalidStateError"
        /// A description is well-formed but must not say this now.
        case invalidAccess = "InvalidAccessError"
        /// A local description was changed where it must not be.
        case invalidModification = "InvalidModificationError"
        /// The operation failed for a reason of its own, such as a candidate that fits nowhere.
        case operation = "OperationError"
        /// An argument is missing.
        case type = "TypeError"
        /// A description breaks the grammar: `RTCError` with the detail `sdp-syntax-error`.
        case syntax = "RTCError"
    }

    /// The error by its W3C name.
    package let code: Code
    /// What is wrong and what to do about it.
    package let message: String
    /// The line of the description for ``Code/syntax``, from 1; 0 for the text as a whole.
    package let line: Int?

    /// An error; `message` is a sentence.
    package init(_ code: Code, _ message: String, line: Int? = nil) {
        self.code = code
        self.message = message
        self.line = line
    }

    init(_ error: SDPError) {
        self.init(.syntax, error.description, line: error.line)
    }
}

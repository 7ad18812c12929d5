// SPDX-License-Identifier: Apache-2.0

/// The error that this library throws, beside `CancellationError`: a code to switch over, and a sentence that says what
/// to do.
///
/// The codes are the exception names of the W3C specifications (`InvalidStateError` is `.invalidState`).
public struct RTCError: Error, Hashable, Sendable {
    /// What kind of failure it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The W3C name, such as `InvalidStateError`.
        public let description: String

        private init(_ name: String) { self.description = name }

        /// The object is not in a state that allows this: it is closed, or a negotiation step is missing.
        public static let invalidState = Code("InvalidStateError")
        /// A description asks for what cannot be had, such as another certificate without new ICE credentials.
        public static let invalidAccess = Code("InvalidAccessError")
        /// A description was changed in a way that is not allowed.
        public static let invalidModification = Code("InvalidModificationError")
        /// An argument has the wrong type or lies outside its range.
        public static let type = Code("TypeError")
        /// A text holds a character that has no meaning there.
        public static let invalidCharacter = Code("InvalidCharacterError")
        /// A number lies outside its range.
        public static let range = Code("RangeError")
        /// This end cannot do what was asked for, here or at all.
        public static let notSupported = Code("NotSupportedError")
        /// A text, such as a session description, does not follow its grammar.
        public static let syntax = Code("SyntaxError")
        /// The operation failed for a reason that the message gives, such as an identifier that is already taken.
        public static let operation = Code("OperationError")
        /// A buffer is full; wait for it to drain.
        public static let quotaExceeded = Code("QuotaExceededError")
        /// The connection or the channel ended before the operation did.
        public static let network = Code("NetworkError")
    }

    /// What kind of failure it is.
    public var code: Code
    /// What failed, with which value, and what to try.
    public var message: String
    /// What a lower layer said, if one did.
    public var underlying: String?

    /// An error with its code and a message for people.
    public init(_ code: Code, _ message: String, underlying: String? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }
}

extension RTCError: CustomStringConvertible {
    /// `InvalidStateError: the peer connection is closed`.
    public var description: String {
        "\(self.code): \(self.message)" + (self.underlying.map { " (\($0))" } ?? "")
    }
}

// SPDX-License-Identifier: Apache-2.0

extension RTCRtpCodec {
    /// The value of a format parameter; `nil` when ``sdpFmtpLine`` has none of this name, compared without regard to case.
    package func parameter(_ name: String) -> String? {
        for parameter in self.sdpFmtpLine?.split(separator: ";", maxSplits: 64) ?? [] {
            let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, Self.trim(pair[0]).lowercased() == name.lowercased() else { continue }
            return String(Self.trim(pair[1]))
        }
        return nil
    }

    /// The value of a format parameter as a number that is not negative; `nil` when it is none.
    package func number(_ name: String) -> Int? {
        self.parameter(name).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Whether a format parameter is 1, as those of RFC 7587 are when they are on.
    package func isOn(_ name: String) -> Bool { self.number(name) == 1 }

    private static func trim(_ text: Substring) -> Substring {
        let start = text.drop { $0.isWhitespace }
        return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
    }
}

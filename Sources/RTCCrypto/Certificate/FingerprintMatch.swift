// SPDX-License-Identifier: Apache-2.0

/// What a list of signaled fingerprints says about a certificate.
package enum FingerprintMatch: Hashable, Sendable {
    /// One of the fingerprints of the best hash is the certificate's.
    case match
    /// None of the fingerprints of the best hash is.
    case mismatch
    /// There is no fingerprint with a hash that can be trusted.
    case noneAcceptable

    /// Judges `certificate` (DER) by the rules of RFC 8122 §5: of the hashes that occur in `fingerprints` and can be
    /// trusted the strongest counts, weaker ones are ignored; any fingerprint of that hash may match.
    package init(certificate: RawSpan, fingerprints: [Fingerprint]) {
        let best = fingerprints.map(\.algorithm).max { $0.fingerprintRank < $1.fingerprintRank }
        guard let best, best.fingerprintRank > 0 else {
            self = .noneAcceptable
            return
        }
        let actual = Fingerprint(of: certificate, algorithm: best)
        // No early exit: each candidate is compared, whichever matches.
        var matches = false
        for fingerprint in fingerprints where fingerprint.algorithm == best && fingerprint == actual { matches = true }
        self = matches ? .match : .mismatch
    }
}

extension HashFunction {
    /// The order of trust among fingerprints; zero for those that are refused.
    var fingerprintRank: Int {
        switch self {
        case .md5, .sha1: 0
        case .sha256: 1
        case .sha384: 2
        case .sha512: 3
        }
    }
}

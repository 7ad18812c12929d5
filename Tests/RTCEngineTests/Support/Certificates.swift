// SPDX-License-Identifier: Apache-2.0

import RTCCrypto

/// Certificates that all simulations share, because making one is slow.
let certificates: (Certificate, Certificate) = (makeCertificate(), makeCertificate())

/// A certificate that nobody has been told of.
let strangersCertificate = makeCertificate()

private func makeCertificate() -> Certificate {
    do {
        return try Certificate.generate(notBefore: 1_700_000_000)
    } catch { preconditionFailure("no certificate: \(error)") }
}

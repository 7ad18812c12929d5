// SPDX-License-Identifier: Apache-2.0

import RTCCrypto

/// Certificates that tests share, because making one takes time.
enum Certificates {
    static let client = make()
    static let server = make()
    static let stranger = make()

    static func make() -> Certificate {
        do {
            return try Certificate.generate(notBefore: 1_700_000_000)
        } catch {
            fatalError("no certificate: \(error)")
        }
    }
}

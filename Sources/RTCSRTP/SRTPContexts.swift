// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// The contexts of both directions, made of what DTLS exports (RFC 5764 §4.2).
///
///     client key | server key | client salt | server salt
package struct SRTPContexts: ~Copyable {
    /// The label under which DTLS exports the keys.
    package static var exporterLabel: String { "EXTRACTOR-dtls_srtp" }

    /// Seals what goes to the peer.
    package var send: SRTPSendContext
    /// Opens what comes from the peer.
    package var receive: SRTPReceiveContext

    /// `nil` unless `material` has `profile.keyingMaterialSize` bytes.
    ///
    /// `isClient` says whether this end was the client of the DTLS handshake. The caller wipes `material`.
    package init?(profile: SRTPProfile, material: [UInt8], isClient: Bool) {
        guard material.count == profile.keyingMaterialSize else { return nil }
        let (key, salt) = (profile.keySize, profile.saltSize)
        var clientKey = Array(material[..<key])
        var serverKey = Array(material[key..<(2 * key)])
        var clientSalt = Array(material[(2 * key)..<(2 * key + salt)])
        var serverSalt = Array(material[(2 * key + salt)...])
        defer {
            wipe(&clientKey)
            wipe(&serverKey)
            wipe(&clientSalt)
            wipe(&serverSalt)
        }
        guard
            let send = SRTPSendContext(
                profile: profile, masterKey: isClient ? clientKey : serverKey,
                masterSalt: isClient ? clientSalt : serverSalt),
            let receive = SRTPReceiveContext(
                profile: profile, masterKey: isClient ? serverKey : clientKey,
                masterSalt: isClient ? serverSalt : clientSalt)
        else { return nil }
        self.send = send
        self.receive = receive
    }
}

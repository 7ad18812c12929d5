// SPDX-License-Identifier: Apache-2.0

internal import RTCDTLS
internal import RTCICE
internal import RTCSCTP

extension RTCDiagnosis {
    /// Why ICE failed, in words.
    init(_ failure: ICEFailure) {
        switch failure {
        case .noLocalCandidates:
            self.init(
                cause: .noLocalAddress, evidence: "This machine offered no address",
                hint: "Check that a network interface is up; on one machine without a network, include loopback "
                    + "addresses (RTCAddressSelection.includesLoopback, --loopback)")
        case .noRemoteCandidates:
            self.init(
                cause: .noRemoteCandidate, evidence: "The peer named no address that can be used",
                hint: "Check that its candidates reach addIceCandidate, or that its description holds them")
        case .noPairs(let local, let remote):
            self.init(
                cause: .noRemoteCandidate,
                evidence: "None of our \(local) addresses goes with one of the peer's \(remote)",
                hint: "One side may have only IPv4 and the other only IPv6; give both a common family")
        case .noResponse(let pairs, let sent, let received, let unauthenticated):
            let advice =
                if unauthenticated > 0 {
                    "Checks arrive with wrong credentials: the descriptions of two sessions may be mixed up"
                } else if received > 0 {
                    "The peer's checks arrive here, but our answers do not reach it: a firewall may stop UDP outwards"
                } else {
                    "A firewall may block UDP between the two, or the peer has gone"
                }
            self.init(
                cause: .noAnswerToChecks,
                evidence: "\(sent) checks on \(pairs) pairs were sent and none was answered; \(received) came in",
                hint: advice)
        case .consentExpired(let silence):
            self.init(
                cause: .consentExpired,
                evidence: "The peer has been silent for \(silence.components.seconds) seconds",
                hint: "Its network or its process has gone; restart ICE or connect anew")
        case .consentRevoked:
            self.init(
                cause: .consentExpired, evidence: "The peer refused further traffic", hint: "Connect anew")
        }
    }

    /// Why DTLS failed, in words.
    init(_ failure: DTLSFailure) {
        switch failure {
        case .timeout:
            self.init(
                cause: .handshakeTimeout, evidence: "The DTLS handshake did not finish in time",
                hint: "The path works for STUN but not for larger datagrams, or the peer never began; check both ends' "
                    + "a=setup")
        case .fingerprintMismatch:
            self.init(
                cause: .fingerprintMismatch,
                evidence: "The peer's certificate does not have the fingerprint in its description",
                hint: "The description belongs to another session, or somebody is in between; signal anew")
        case .noAcceptableFingerprint:
            self.init(
                cause: .fingerprintMismatch,
                evidence: "The peer's description has only fingerprints with hashes that are too weak",
                hint: "The peer must send a sha-256 fingerprint")
        case .noPeerCertificate:
            self.init(
                cause: .handshakeFailed, evidence: "The peer showed no certificate",
                hint: "The other end is no WebRTC endpoint, or is misconfigured")
        case .peerAlert(let number):
            self.init(
                cause: .handshakeFailed, evidence: "The peer ended DTLS with alert \(number)",
                hint: number == 42
                    ? "It did not accept our certificate: its copy of our description may be of another session"
                    : "Its log may say why")
        case .handshake(_, let name):
            self.init(
                cause: .handshakeFailed, evidence: "The DTLS handshake broke down: \(name)",
                hint: "The two ends may have no cipher or curve in common")
        case .unavailable:
            self.init(
                cause: .handshakeFailed, evidence: "DTLS could not be set up: memory is exhausted",
                hint: "Free memory and connect anew")
        }
    }

    /// Why SCTP ended, in words; `nil` when one side wished it.
    init?(_ reason: SCTPCloseReason) {
        switch reason {
        case .shutdown, .aborted, .abortedByPeer: return nil
        case .connectTimeout:
            self.init(
                cause: .associationFailed, evidence: "The peer never answered SCTP's first packets",
                hint: "It may not have a data channel section, or another SCTP port")
        case .peerUnreachable:
            self.init(
                cause: .associationFailed, evidence: "The peer stopped acknowledging data",
                hint: "Its process may hang; connect anew")
        case .protocolViolation(let violation):
            self.init(
                cause: .associationFailed, evidence: "The peer broke the SCTP protocol (\(violation))",
                hint: "Connect anew; if it happens again, report what the peer is")
        }
    }
}

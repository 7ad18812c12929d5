// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// Turns BoringSSL's queue of errors into a `DTLSFailure`.
enum SSLError {
    /// Takes the cause of what failed just now, and empties the thread's queue.
    static func take() -> DTLSFailure {
        let packed = ERR_peek_error()
        defer { ERR_clear_error() }
        guard packed != 0 else { return .unavailable }
        let reason = Int(ERR_GET_REASON(packed))
        switch reason {
        case Int(SSL_AD_REASON_OFFSET)...Int(SSL_AD_REASON_OFFSET) + 255:
            return .peerAlert(UInt8(truncatingIfNeeded: reason - Int(SSL_AD_REASON_OFFSET)))
        case Int(SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE): return .noPeerCertificate
        case Int(SSL_R_READ_TIMEOUT_EXPIRED): return .timeout
        default:
            let name = ERR_reason_error_string(packed).map { String(cString: $0) } ?? ""
            return .handshake(code: reason, name: name)
        }
    }
}

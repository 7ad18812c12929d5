// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL
internal import RTCCrypto
internal import RTCWire

/// One `SSL` object of BoringSSL with its memory: calls it, and classifies what it answers.
///
/// It knows no time. BoringSSL's clock stands still (`DTLSContext`), so that its two timers never expire on their own:
/// `pendingTimer` tells which of them it has started, and `fireTimers` makes them expire. When that should happen is
/// the endpoint's business. This also frees us of BoringSSL's back-off, which doubles up to a minute.
final class SecureConnection {
    /// What a call has led to.
    enum Outcome {
        /// All input has been used up.
        case wantsInput
        /// The handshake is over.
        case finished
        /// The peer has sent close_notify.
        case closed
        case failed(DTLSFailure)
    }

    let context: DTLSContext
    let ssl: OpaquePointer
    /// Datagrams to send: flights, acknowledgements, alerts.
    var outgoing: DatagramQueue
    /// How many datagrams have been written, those of `seal` excepted.
    private(set) var writtenCount = 0
    /// How many datagrams did not fit into `outgoing`.
    private(set) var overflows = 0

    /// The peer's own certificate in DER, once it has shown one.
    var peerCertificate: [UInt8]?
    /// What signaling says about it; empty means that it has said nothing yet.
    var fingerprints: [Fingerprint]
    /// Why the peer's certificate was refused during the handshake.
    var rejection: DTLSFailure?

    // Both point into a caller's memory and are set only while a call of that caller is under way.
    private var inbound = UnsafeRawBufferPointer(start: nil, count: 0)
    private var sink: UnsafeMutableRawBufferPointer?
    private var sinkCount = 0

    // Holds one decrypted record during its delivery.
    private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    /// A connection that has not sent anything; `nil` when memory is exhausted.
    init?(context: DTLSContext, role: DTLSRole, fingerprints: [Fingerprint]) {
        guard let ssl = SSL_new(context.handle) else { return nil }
        let limits = context.configuration.limits
        self.context = context
        self.ssl = ssl
        self.fingerprints = fingerprints
        self.outgoing = DatagramQueue(maximumCount: limits.outgoingCount, maximumBytes: limits.outgoingBytes)
        guard let bio = DatagramBIO.make(for: self) else { return nil }
        SSL_set_bio(ssl, bio, bio)
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
        SSL_set_mtu(ssl, UInt32(truncatingIfNeeded: min(max(context.configuration.mtu, 256), 16_384)))
        SSL_set_shed_handshake_config(ssl, 1)
        DTLSv1_set_initial_timeout_duration(ssl, Self.parkedMilliseconds)
        switch role {
        case .client: SSL_set_connect_state(ssl)
        case .server: SSL_set_accept_state(ssl)
        }
    }

    deinit {
        SSL_free(self.ssl)
        if let start = self.scratch.baseAddress { OPENSSL_cleanse(start, self.scratch.count) }
        self.scratch.deallocate()
    }

    // MARK: - Calls

    /// Makes `datagram` what BoringSSL reads next, for the time of `body`.
    func feed(_ datagram: RawSpan, _ body: () -> Void) {
        datagram.withUnsafeBytes { buffer in
            self.reserveScratch(buffer.count)
            self.inbound = buffer
            body()
            self.inbound = UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }

    /// Goes on with the handshake as far as the input allows.
    func advanceHandshake() -> Outcome {
        ERR_clear_error()
        let result = SSL_do_handshake(self.ssl)
        return result == 1 ? .finished : self.classify(result)
    }

    /// Hands each record of application data to `body`, until the input is used up or `body` returns `false`.
    func readRecords(_ body: (RawSpan) -> Bool) -> Outcome {
        while true {
            self.clearErrors()
            let count = SSL_read(self.ssl, self.scratch.baseAddress, Int32(truncatingIfNeeded: self.scratch.count))
            guard count > 0 else { return self.classify(count) }
            let record = UnsafeRawBufferPointer(rebasing: self.scratch[..<Int(count)])
            guard body(record.bytes) else { return .wantsInput }
            // Most datagrams hold one record: asking for a second is not free.
            if self.inbound.isEmpty, SSL_has_pending(self.ssl) == 0 { return .wantsInput }
        }
    }

    /// Writes `data` as one record to `memory`; returns the record's length, or 0 when that was not possible.
    func seal(_ data: RawSpan, into memory: UnsafeMutableRawBufferPointer) -> Int {
        self.sink = memory
        self.sinkCount = 0
        defer { self.sink = nil }
        self.clearErrors()
        let written = data.withUnsafeBytes {
            SSL_write(self.ssl, $0.baseAddress, Int32(truncatingIfNeeded: $0.count))
        }
        return written > 0 ? self.sinkCount : 0
    }

    /// Writes a fatal alert.
    func sendAlert(_ alert: Int32) {
        SSL_send_fatal_alert(self.ssl, UInt8(truncatingIfNeeded: alert))
        ERR_clear_error()
    }

    /// Writes close_notify, or during the handshake, when there is no such thing, a fatal alert.
    func shutDown() {
        if SSL_in_init(self.ssl) == 1 {
            self.sendAlert(SSL_AD_USER_CANCELLED)
        } else {
            SSL_shutdown(self.ssl)
            ERR_clear_error()
        }
    }

    /// Empties the thread's queue of errors, which `SSL_get_error` looks into; nearly always it is empty.
    private func clearErrors() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    private func classify(_ result: Int32) -> Outcome {
        switch SSL_get_error(self.ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: .wantsInput
        case SSL_ERROR_ZERO_RETURN: .closed
        default: .failed(self.rejection ?? SSLError.take())
        }
    }

    // MARK: - Timers

    enum PendingTimer { case resend, acknowledge }

    // As long as this is the set duration, the resend timer always runs for it: BoringSSL caps its doubling here, too.
    private static let parkedMilliseconds: UInt32 = 60_000

    /// Which of BoringSSL's timers is running; `acknowledge` when both are.
    var pendingTimer: PendingTimer? {
        var remaining = timeval()
        guard DTLSv1_get_timeout(self.ssl, &remaining) == 1 else { return nil }
        // The acknowledgement's timer is a quarter of the other's. The clock stands still, so the whole is left.
        return Int(remaining.tv_sec) <= Int(Self.parkedMilliseconds) / 4_000 ? .acknowledge : .resend
    }

    /// Sends what BoringSSL's running timers wait for: an acknowledgement, the last flight again, or both.
    func fireTimers() -> Outcome {
        ERR_clear_error()
        DTLSv1_set_initial_timeout_duration(self.ssl, 0)
        let result = DTLSv1_handle_timeout(self.ssl)
        DTLSv1_set_initial_timeout_duration(self.ssl, Self.parkedMilliseconds)
        return result < 0 ? self.classify(result) : .wantsInput
    }

    // MARK: - The datagram BIO

    /// Takes a datagram that BoringSSL writes.
    func wrote(_ datagram: UnsafeRawBufferPointer) {
        if let sink = self.sink {
            // The last datagram of a call to `seal` is the data; whatever came before it goes the usual way.
            if self.sinkCount > 0 { self.enqueue(UnsafeRawBufferPointer(rebasing: sink[..<self.sinkCount])) }
            self.sinkCount = 0
            if datagram.count <= sink.count {
                sink.copyMemory(from: datagram)
                self.sinkCount = datagram.count
                return
            }
        }
        self.enqueue(datagram)
    }

    /// Copies the waiting datagram to `memory`; 0 when there is none.
    func read(into memory: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(self.inbound.count, memory.count)
        guard count > 0 else { return 0 }
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: self.inbound[..<count]))
        self.inbound = UnsafeRawBufferPointer(start: nil, count: 0)
        return count
    }

    private func enqueue(_ datagram: UnsafeRawBufferPointer) {
        self.writtenCount += 1
        if !self.outgoing.append(datagram) { self.overflows += 1 }
    }

    // A record's content is shorter than the datagram around it.
    private func reserveScratch(_ count: Int) {
        guard count > self.scratch.count else { return }
        if let start = self.scratch.baseAddress { OPENSSL_cleanse(start, self.scratch.count) }
        self.scratch.deallocate()
        self.scratch = .allocate(byteCount: max(count, 1_500), alignment: 16)
    }
}

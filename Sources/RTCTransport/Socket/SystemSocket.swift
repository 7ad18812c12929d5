// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The system calls on a UDP socket that are made past NIO.
///
/// NIO closes a datagram channel when a send fails with anything but EMSGSIZE and EHOSTUNREACH. An ICE agent sends
/// to whatever addresses a peer names, so ENETUNREACH, EACCES, EINVAL and EPERM are daily bread: the driver sends by
/// itself and leaves reading and readiness to NIO.
struct SystemSocket {
    let descriptor: CInt

    /// The code of a bind to a port that is taken.
    static var addressInUse: CInt { EADDRINUSE }

    /// How many messages NIO reads with one call.
    static var readsPerCall: Int { 4 }

    /// The memory for them, in bytes, while little comes: each may be as large as the frames of any network.
    ///
    /// NIO writes all of it for each socket, and most sockets of most connections are idle.
    static var readCapacity: Int { self.readsPerCall * 9_216 }

    /// The memory for messages that the kernel merges from several datagrams, in bytes: 64 KiB for each.
    static var mergedReadCapacity: Int { self.readsPerCall * 65_536 }

    /// Sends one datagram, or a run of datagrams of `segmentSize` bytes of which the last may be shorter.
    ///
    /// `segmentSize` is zero for a single datagram.
    func send(_ bytes: UnsafeRawBufferPointer, segmentSize: Int, to remote: TransportAddress) -> SendResult {
        remote.withSockAddr { address, length in
            var refusals = 0
            while true {
                let returned = self.sendOnce(bytes, segmentSize: segmentSize, to: address, length: length)
                let code = errno
                if returned < 0, code == EINTR { continue }
                // An ICMP error of an earlier datagram is reported in place of this send: clear it and send.
                if returned < 0, code == ECONNREFUSED, refusals < 2 {
                    refusals += 1
                    continue
                }
                return SendResult(returned: returned, errorCode: code, isSegmented: segmentSize > 0)
            }
        }
    }

    private func sendOnce(
        _ bytes: UnsafeRawBufferPointer,
        segmentSize: Int,
        to address: UnsafePointer<sockaddr>,
        length: socklen_t
    ) -> Int {
        if segmentSize > 0 {
            return self.sendSegmented(bytes, segmentSize: segmentSize, to: address, length: length)
        }
        return sendto(self.descriptor, bytes.baseAddress, bytes.count, Self.sendFlags, address, length)
    }

    /// Enlarges the kernel's buffers to `receive` and `send` bytes, or as near to it as the system allows.
    func enlargeBuffers(receive: Int, send: Int) {
        self.enlarge(SO_RCVBUF, to: receive)
        self.enlarge(SO_SNDBUF, to: send)
    }

    private func enlarge(_ option: CInt, to bytes: Int) {
        var wanted = CInt(clamping: bytes)
        // Linux clamps silently; Apple systems refuse what passes their limit.
        while wanted >= 65_536 {
            let size = socklen_t(MemoryLayout<CInt>.size)
            if setsockopt(self.descriptor, SOL_SOCKET, option, &wanted, size) == 0 { return }
            wanted /= 2
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What became of one attempt to hand datagrams to the operating system.
enum SendResult: Equatable {
    /// The system took all of them.
    case sent
    /// The socket's buffer or the interface's queue is full: the same bytes may go later.
    case full
    /// The system cannot cut these bytes into segments on this path; one by one they may go.
    case unsegmentable
    /// These bytes cannot go there now; the code is the system's `errno`.
    case refused(CInt)

    /// Reads the outcome from the value that a send call returned and the `errno` after it.
    init(returned: Int, errorCode: CInt, isSegmented: Bool) {
        guard returned < 0 else {
            self = .sent
            return
        }
        switch errorCode {
        case EAGAIN, EWOULDBLOCK, ENOBUFS, ENOMEM:
            self = .full
        // EINVAL: segments larger than the path's MTU; EIO: no checksum offload on the device; the others: an
        // old kernel or a filter that does not know UDP_SEGMENT.
        case EINVAL, EIO, EMSGSIZE, EOPNOTSUPP, ENOPROTOOPT:
            self = isSegmented ? .unsegmentable : .refused(errorCode)
        default:
            self = .refused(errorCode)
        }
    }
}

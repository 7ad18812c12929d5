// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
    internal import NIOCore
    #if canImport(Glibc)
        internal import Glibc
    #elseif canImport(Musl)
        internal import Musl
    #endif

    extension SystemSocket {
        /// Whether the kernel cuts one send into datagrams (UDP_SEGMENT, Linux 4.18).
        static var supportsSegmentation: Bool { System.supportsUDPSegmentationOffload }

        /// Whether the kernel merges received datagrams (UDP_GRO, Linux 5.0).
        static var supportsMerging: Bool { System.supportsUDPReceiveOffload }

        /// Lets several sockets have one port; here each of them gets what is sent to a group.
        static var sharingOption: CInt { SO_REUSEADDR }

        static var sendFlags: CInt { CInt(MSG_NOSIGNAL | MSG_DONTWAIT) }

        // linux/udp.h; the C library's headers are not visible to Swift here.
        private static var udpLevel: CInt { 17 }
        private static var udpSegment: CInt { 103 }

        /// One `sendmsg` whose control message tells the kernel where to cut.
        func sendSegmented(
            _ bytes: UnsafeRawBufferPointer,
            segmentSize: Int,
            to address: UnsafePointer<sockaddr>,
            length: socklen_t
        ) -> Int {
            // CMSG_ALIGN(sizeof(cmsghdr)) is the size itself on every Linux; two words hold header and value.
            let header = MemoryLayout<cmsghdr>.size
            var control: (UInt64, UInt64, UInt64) = (0, 0, 0)
            var vector = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
            return withUnsafeMutableBytes(of: &control) { control in
                var message = cmsghdr()
                message.cmsg_len = .init(header + MemoryLayout<UInt16>.size)
                message.cmsg_level = Self.udpLevel
                message.cmsg_type = Self.udpSegment
                control.storeBytes(of: message, as: cmsghdr.self)
                control.storeBytes(of: UInt16(clamping: segmentSize), toByteOffset: header, as: UInt16.self)
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_name = UnsafeMutableRawPointer(mutating: address)
                    message.msg_namelen = length
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = .init(header + MemoryLayout<UInt>.size)
                    return sendmsg(self.descriptor, &message, Self.sendFlags)
                }
            }
        }
    }
#endif

// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin

    extension SystemSocket {
        /// Apple systems do not cut one send into datagrams.
        static var supportsSegmentation: Bool { false }

        /// Apple systems do not merge received datagrams.
        static var supportsMerging: Bool { false }

        /// Lets several sockets have one port; SO_REUSEADDR alone does not here.
        static var sharingOption: CInt { SO_REUSEPORT }

        static var sendFlags: CInt { MSG_DONTWAIT }

        /// Never called: nothing is sent in segments here.
        func sendSegmented(
            _ bytes: UnsafeRawBufferPointer,
            segmentSize: Int,
            to address: UnsafePointer<sockaddr>,
            length: socklen_t
        ) -> Int {
            errno = EOPNOTSUPP
            return -1
        }
    }
#endif

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTCSRTP

/// How many packets one thread seals and opens again in a second of processor time.
enum Speed {
    /// The bytes of a whole RTP packet in the clear.
    static let packetSize = 1_100

    static func ours(profile: SRTPProfile, seconds: Double) throws -> Double {
        let (key, salt) = Material.keys(of: profile)
        guard var send = SRTPSendContext(profile: profile, masterKey: key, masterSalt: salt),
            var receive = SRTPReceiveContext(profile: profile, masterKey: key, masterSalt: salt)
        else { throw Failure("no context") }
        return try self.run(seconds: seconds) { memory in
            guard case .success(let sealed) = send.protectRTP(memory, count: self.packetSize),
                case .success(let opened) = receive.unprotectRTP(
                    UnsafeMutableRawBufferPointer(rebasing: memory[..<sealed]))
            else { return nil }
            return opened
        }
    }

    static func theirs(profile: SRTPProfile, seconds: Double) throws -> Double {
        let (key, salt) = Material.keys(of: profile)
        let library = try LibSRTP(profile: profile, key: key, salt: salt)
        return try self.run(seconds: seconds) { memory in
            guard let sealed = library.protect(memory, count: self.packetSize) else { return nil }
            return library.unprotect(UnsafeMutableRawBufferPointer(rebasing: memory[..<sealed]))
        }
    }

    /// The processor time of this thread: the machine may have other work.
    private static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    /// Calls `roundTrip` on one packet with ever higher sequence numbers; each leaves the packet as it was.
    private static func run(
        seconds: Double, roundTrip: (UnsafeMutableRawBufferPointer) -> Int?
    ) throws -> Double {
        let plain = Material.rtp(sequence: 0, ssrc: 0xCAFE_BABE, payload: self.packetSize - 12)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 16)
        defer { memory.deallocate() }
        memory.copyBytes(from: plain)
        var sequence: UInt16 = 0
        func measure(_ seconds: Double) throws -> Double {
            let began = self.cpuSeconds
            var packets = 0
            repeat {
                for _ in 0..<1_000 {
                    memory.storeBytes(of: sequence.bigEndian, toByteOffset: 2, as: UInt16.self)
                    guard roundTrip(memory) == self.packetSize else { throw Failure("a packet did not come through") }
                    sequence &+= 1
                }
                packets += 1_000
            } while self.cpuSeconds - began < seconds
            return Double(packets) / (self.cpuSeconds - began)
        }
        _ = try measure(seconds / 5)
        return try measure(seconds)
    }
}

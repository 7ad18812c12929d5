// SPDX-License-Identifier: Apache-2.0

internal import RTCSRTP

/// Seals the same packets with this stack and with libsrtp2: both must write the same bytes and open each other's.
enum Comparison {
    static func run(profile: SRTPProfile) throws -> Int {
        let (key, salt) = Material.keys(of: profile)
        let library = try LibSRTP(profile: profile, key: key, salt: salt)
        guard var send = SRTPSendContext(profile: profile, masterKey: key, masterSalt: salt),
            var receive = SRTPReceiveContext(profile: profile, masterKey: key, masterSalt: salt)
        else { throw Failure("no context") }
        var packets = 0
        for (stream, start) in [0, 1_000, 32_767, 65_000].enumerated() {
            for step in 0..<140_000 {
                // Wraps included; lost are all but one of each hundred, but none shortly before and after a wrap.
                let index = start + step
                guard step % 100 == 0 || (index + 50) % 65_536 < 100 else { continue }
                let plain = Material.rtp(
                    sequence: UInt16(truncatingIfNeeded: index), ssrc: UInt32(stream + 1) << 24, csrcs: step % 16,
                    extensionWords: step % 3 == 0 ? nil : step % 7, payload: step % 1_201)
                let ours = try self.filled(plain, "we seal RTP") {
                    guard case .success(let count) = send.protectRTP($0, count: plain.count) else { return nil }
                    return count
                }
                let theirs = try self.filled(plain, "libsrtp2 seals RTP") { library.protect($0, count: plain.count) }
                guard ours == theirs else { throw Failure("\(profile): RTP at \(index) differs") }
                let openedByUs = try self.opened(theirs, "we open RTP at \(index)") {
                    guard case .success(let count) = receive.unprotectRTP($0) else { return nil }
                    return count
                }
                let openedByThem = try self.opened(ours, "libsrtp2 opens RTP at \(index)") { library.unprotect($0) }
                guard openedByUs == plain, openedByThem == plain else { throw Failure("\(profile): RTP has changed") }
                packets += 1
            }
        }
        // libsrtp2 begins with the index 1, RFC 3711 §3.4 and we with 0.
        for step in 0..<2_000 {
            let plain = Material.rtcp(ssrc: 77, words: step % 250)
            let ours = try self.filled(plain, "we seal RTCP") {
                guard case .success(let count) = send.protectRTCP($0, count: plain.count) else { return nil }
                return count
            }
            let openedByThem = try self.opened(ours, "libsrtp2 opens RTCP") { library.unprotect($0, isRTCP: true) }
            let theirs = try self.filled(plain, "libsrtp2 seals RTCP") {
                library.protect($0, count: plain.count, isRTCP: true)
            }
            let openedByUs = try self.opened(theirs, "we open RTCP") {
                guard case .success(let count) = receive.unprotectRTCP($0) else { return nil }
                return count
            }
            guard openedByUs == plain, openedByThem == plain, ours.count == theirs.count else {
                throw Failure("\(profile): RTCP has changed")
            }
            packets += 1
        }
        return packets
    }

    private static func filled(
        _ plain: [UInt8], _ what: String, _ seal: (UnsafeMutableRawBufferPointer) -> Int?
    ) throws -> [UInt8] {
        // libsrtp2 asks for more room than it uses.
        var memory = plain + [UInt8](repeating: 0, count: 160)
        guard let count = memory.withUnsafeMutableBytes(seal) else { throw Failure("\(what): refused") }
        return Array(memory[..<count])
    }

    private static func opened(
        _ sealed: [UInt8], _ what: String, _ open: (UnsafeMutableRawBufferPointer) -> Int?
    ) throws -> [UInt8] {
        var memory = sealed
        guard let count = memory.withUnsafeMutableBytes(open) else { throw Failure("\(what): refused") }
        return Array(memory[..<count])
    }
}

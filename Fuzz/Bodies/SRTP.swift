// SPDX-License-Identifier: Apache-2.0

internal import RTCSRTP
internal import RTCWire

extension FuzzBody {
    /// Packets that are not ours never open, and what we seal opens once, as it was.
    static let srtp = FuzzBody("srtp") { bytes in
        var reader = ByteReader(bytes)
        let profiles = SRTPProfile.allCases
        let profile = profiles[Int(reader.readUInt8() ?? 0) % profiles.count]
        let key = [UInt8](repeating: 1, count: profile.keySize)
        let salt = [UInt8](repeating: 2, count: profile.saltSize)
        guard var send = SRTPSendContext(profile: profile, masterKey: key, masterSalt: salt, maximumStreams: 8),
            var receive = SRTPReceiveContext(profile: profile, masterKey: key, masterSalt: salt, maximumStreams: 4)
        else { preconditionFailure("the sizes are those of the profile") }
        while let operation = reader.readUInt8() {
            let packet = reader.readPart().array
            let isRTCP = operation & 1 != 0
            if operation & 2 == 0 {
                let opened = Self.unprotect(packet, isRTCP: isRTCP, with: &receive)
                precondition(opened == nil, "a packet that nobody sealed has opened")
            } else {
                guard var sealed = Self.protect(packet, isRTCP: isRTCP, with: &send) else { continue }
                if operation & 4 != 0 {
                    let place = Int(operation) * 7 % sealed.count
                    sealed[place] ^= operation | 1
                    let opened = Self.unprotect(sealed, isRTCP: isRTCP, with: &receive)
                    precondition(opened == nil, "a damaged packet has opened")
                    sealed[place] ^= operation | 1
                }
                if let opened = Self.unprotect(sealed, isRTCP: isRTCP, with: &receive) {
                    precondition(opened == packet, "a packet has changed on its way")
                    let again = Self.unprotect(sealed, isRTCP: isRTCP, with: &receive)
                    precondition(again == nil, "a packet has opened twice")
                }
            }
            precondition(receive.streamCount <= 4)
        }
    }

    private static func unprotect(_ packet: [UInt8], isRTCP: Bool, with context: inout SRTPReceiveContext) -> [UInt8]? {
        var memory = packet
        let result = memory.withUnsafeMutableBytes {
            isRTCP ? context.unprotectRTCP($0) : context.unprotectRTP($0)
        }
        guard case .success(let count) = result else { return nil }
        return Array(memory[..<count])
    }

    private static func protect(_ packet: [UInt8], isRTCP: Bool, with context: inout SRTPSendContext) -> [UInt8]? {
        var memory = packet + [UInt8](repeating: 0, count: context.profile.rtcpOverhead)
        let result = memory.withUnsafeMutableBytes {
            isRTCP ? context.protectRTCP($0, count: packet.count) : context.protectRTP($0, count: packet.count)
        }
        guard case .success(let count) = result else { return nil }
        return Array(memory[..<count])
    }
}

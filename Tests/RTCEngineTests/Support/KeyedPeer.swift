// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCICE
import RTCMedia
import RTCRTP
import RTCSRTP
import RTCSimulation
import RTCWire

@testable import RTCEngine

/// Somebody who has the keys of a peer and sends what he likes in its place.
///
/// His sources must be others than the peer's: SRTP counts the packets of each.
final class KeyedPeer {
    private let victim: SimulatedPeer
    private let from: TransportAddress
    private let network: EmulatedNetwork
    private var contexts: SRTPContexts
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 16)
    /// What he has sent so far, in bytes.
    private(set) var sentBytes = 0

    /// Speaks to `victim` with the keys of `peer`.
    init(_ network: EmulatedNetwork, keysOf peer: SimulatedPeer, to victim: SimulatedPeer) throws {
        guard let profile = peer.engine.srtpProfile, let role = peer.engine.dtlsRole,
            let material = peer.engine.dtls.exportKeyingMaterial(
                label: SRTPContexts.exporterLabel, count: profile.keyingMaterialSize),
            let contexts = SRTPContexts(profile: profile, material: material, isClient: role == .client)
        else { throw NotConnected() }
        self.network = network
        self.victim = victim
        self.from = peer.addresses[0]
        self.contexts = contexts
    }

    deinit { self.memory.deallocate() }

    /// Sends an RTP packet, which arrives at once.
    func send(
        _ header: RTPHeader, payload: [UInt8], extensions: HeaderExtensionValues = HeaderExtensionValues(),
        map: HeaderExtensionMap = HeaderExtensionMap()
    ) {
        var writer = ByteWriter(self.memory)
        header.write(into: &writer, extensions: extensions, map: map)
        writer.write(payload)
        guard case .success(let count) = self.contexts.send.protectRTP(self.memory, count: writer.count) else { return }
        self.deliver(count)
    }

    /// Seals a packet that gets lost.
    func lose(_ header: RTPHeader, payload: [UInt8]) {
        var writer = ByteWriter(self.memory)
        header.write(into: &writer)
        writer.write(payload)
        _ = self.contexts.send.protectRTP(self.memory, count: writer.count)
    }

    /// Sends RTP as it is written here.
    func send(rtp bytes: [UInt8]) {
        self.memory.copyBytes(from: bytes)
        guard case .success(let count) = self.contexts.send.protectRTP(self.memory, count: bytes.count) else { return }
        self.deliver(count)
    }

    /// Sends a compound.
    func send(_ packets: RTCPPacket...) {
        var writer = ByteWriter(self.memory)
        for packet in packets { packet.write(into: &writer) }
        guard case .success(let count) = self.contexts.send.protectRTCP(self.memory, count: writer.count) else {
            return
        }
        self.deliver(count)
    }

    /// Sends RTCP as it is written here.
    func send(rtcp bytes: [UInt8]) {
        self.memory.copyBytes(from: bytes)
        guard case .success(let count) = self.contexts.send.protectRTCP(self.memory, count: bytes.count) else { return }
        self.deliver(count)
    }

    private func deliver(_ count: Int) {
        self.sentBytes += count
        let datagram = UnsafeRawBufferPointer(rebasing: self.memory[..<count]).bytes
        self.victim.engine.receive(datagram, from: self.from, on: self.victim.addresses[0], at: self.network.now)
        self.victim.takeEvents()
    }
}

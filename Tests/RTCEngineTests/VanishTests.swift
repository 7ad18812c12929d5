// SPDX-License-Identifier: Apache-2.0

import RTCDataChannel
import RTCDTLS
import RTCEngine
import RTCICE
import RTCSimulation
import RTCWire
import Testing

/// A peer is gone without a word (C14, N16).
@Suite struct VanishTests {
    @Test(arguments: [false, true])
    func `C14, N16: when the peer vanishes ICE fails, channels close once, and then all is silent`(isBusy: Bool) throws
    {
        let (pair, conversation) = try PeerPair.connected()
        pair.network.run(for: .seconds(3))
        pair.network.detach(PeerPair.address(2))
        let gone = pair.network.now
        if isBusy { try conversation.send(fromOfferer: true, byteCount: 20_000) }
        #expect(pair.network.run(for: .seconds(12)) { pair.offerer.iceStates.last == .disconnected })
        #expect(pair.network.run(for: .seconds(40)) { pair.offerer.iceStates.last == .failed })
        #expect(pair.network.now - gone <= .seconds(31), "failed \(pair.network.now - gone) after the peer was gone")
        let transmitted = pair.network.transmitted
        #expect(pair.network.run(for: .seconds(180)) { pair.offerer.closed[conversation.offerers] != nil })
        pair.network.run(for: .seconds(600))
        #expect(pair.offerer.closed[conversation.offerers] == .some(.associationLost))
        #expect(pair.offerer.closings == [conversation.offerers: 1])
        #expect(pair.network.transmitted == transmitted, "something was sent without consent")
        #expect(pair.offerer.engine.nextTimeout == nil)
    }

    @Test func `A peer that vanishes in the DTLS handshake is given up, and nothing is sent afterwards`() throws {
        let pair = try PeerPair.quick()
        pair.signal()
        #expect(pair.network.run(for: .seconds(5)) { pair.offerer.dtlsStates.last == .connecting })
        pair.network.detach(PeerPair.address(2))
        #expect(pair.network.run(for: .seconds(60)) { pair.offerer.iceStates.last == .failed })
        let transmitted = pair.network.transmitted
        pair.network.run(for: .seconds(600))
        #expect(pair.network.transmitted == transmitted)
        #expect(pair.offerer.dtlsStates.last == .failed(.timeout))
        #expect(pair.offerer.engine.nextTimeout == nil)
    }

    @Test func `A peer that never appears fails ICE after its patience, and leaves no timer`() throws {
        let pair = try PeerPair.quick()
        pair.network.detach(PeerPair.address(2))
        pair.signal()
        pair.network.run(for: .seconds(120))
        #expect(pair.offerer.iceStates == [.checking, .failed])
        #expect(pair.offerer.dtlsStates.isEmpty)
        #expect(pair.offerer.engine.nextTimeout == nil)
    }
}

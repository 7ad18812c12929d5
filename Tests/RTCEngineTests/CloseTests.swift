// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCSimulation
import RTCWire
import Testing

/// Ending a connection, whatever it is doing at the moment (88, N16, L8).
@Suite struct CloseTests {
    /// How far a connection has come when it is closed.
    enum Moment: CaseIterable {
        case beforeStart, gathered, checking, handshaking, connectingSCTP, open, pendingData, restarting, disconnected
    }

    /// Who closes.
    enum Closer: CaseIterable { case offerer, answerer, both }

    @Test(arguments: Moment.allCases, Closer.allCases)
    func `Closing at any moment is heard, is silent afterwards and leaks nothing`(moment: Moment, by closer: Closer)
        throws
    {
        weak var offerer: PeerEngine?
        weak var answerer: PeerEngine?
        do {
            let pair = try PeerPair.quick(seed: 5)
            (offerer, answerer) = (pair.offerer.engine, pair.answerer.engine)
            let channel = try pair.open(DataChannelParameters(label: "chat"), by: pair.offerer)
            try self.lead(pair, to: moment, sendingOn: channel)
            self.close(pair, closer)
            try self.checkTheEnd(of: pair, closedBy: closer, at: moment)
        }
        #expect(offerer == nil && answerer == nil)
    }

    private func lead(_ pair: PeerPair, to moment: Moment, sendingOn channel: DataChannelID) throws {
        guard moment != .beforeStart else { return }
        guard moment != .gathered else {
            for peer in [pair.offerer, pair.answerer] { peer.gather(at: pair.network.now) }
            return
        }
        pair.signal()
        switch moment {
        case .beforeStart, .gathered, .checking: return
        case .handshaking:
            #expect(
                pair.network.run(for: .seconds(5)) {
                    pair.offerer.dtlsStates == [.connecting] && pair.answerer.dtlsStates == [.connecting]
                })
            pair.network.run(for: .milliseconds(10))
        case .connectingSCTP:
            #expect(
                pair.network.run(for: .seconds(5)) {
                    pair.offerer.dtlsStates.last == .connected && pair.answerer.dtlsStates.last == .connected
                })
            #expect(!pair.isConnected)
        case .open, .pendingData, .restarting, .disconnected:
            #expect(pair.network.run(for: .seconds(5)) { pair.isConnected && !pair.answerer.incoming.isEmpty })
            pair.network.run(for: .seconds(1))
        }
        switch moment {
        case .pendingData:
            for number in 0..<40 {
                try pair.send(.numbered(number, byteCount: 50_000), on: channel, from: pair.offerer)
            }
            pair.network.run(for: .milliseconds(60))
            #expect(pair.offerer.engine.bufferedAmount(of: channel) > 0)
        case .restarting:
            pair.restartICE()
        case .disconnected:
            pair.setDown(true)
            #expect(pair.network.run(for: .seconds(15)) { pair.offerer.iceStates.last == .disconnected })
            #expect(pair.network.run(for: .seconds(15)) { pair.answerer.iceStates.last == .disconnected })
            pair.setDown(false)
        default: break
        }
    }

    private func close(_ pair: PeerPair, _ closer: Closer) {
        switch closer {
        case .offerer: pair.close(pair.offerer)
        case .answerer: pair.close(pair.answerer)
        case .both:
            pair.offerer.engine.close(at: pair.network.now)
            pair.close(pair.answerer)
        }
    }

    private func checkTheEnd(of pair: PeerPair, closedBy closer: Closer, at moment: Moment) throws {
        let closers =
            closer == .offerer ? [pair.offerer] : closer == .answerer ? [pair.answerer] : [pair.offerer, pair.answerer]
        let addresses = Set(closers.flatMap(\.addresses))
        for peer in closers {
            #expect(peer.iceStates.last == .closed, "the owner must hear of it at once")
            #expect(peer.engine.nextTimeout == nil)
        }
        var afterwards = 0
        pair.network.onTransmit = { if addresses.contains($0.local) { afterwards += 1 } }
        let wasConnected = [.open, .pendingData, .restarting, .disconnected].contains(moment)
        if wasConnected, closer != .both {
            // The other end hears of it at once, and not only when consent runs out.
            let other = closer == .offerer ? pair.answerer : pair.offerer
            #expect(pair.network.run(for: .milliseconds(100)) { other.dtlsStates.last == .closed })
            #expect(other.closings.values.allSatisfy { $0 == 1 } && other.closings.count == 1)
        }
        pair.network.run(for: .seconds(200))
        #expect(afterwards == 0, "\(afterwards) datagrams after close")
        for peer in [pair.offerer, pair.answerer] {
            #expect(peer.closings.values.allSatisfy { $0 == 1 })
            #expect(peer.engine.nextTimeout == nil, "\(peer.name)")
        }
        for peer in closers {
            #expect(peer.open.isEmpty)
            peer.engine.close(at: pair.network.now)
            peer.engine.startICE(
                pair.offerer.engine.localCredentials, isLite: false, role: .controlling, at: pair.network.now)
            peer.engine.startDTLS(role: .client, fingerprints: [peer.certificate.fingerprint()], at: pair.network.now)
            peer.engine.startSCTP(remotePort: 5_000, remoteMaxMessageSize: nil, at: pair.network.now)
        }
        pair.network.run(for: .seconds(60))
        #expect(afterwards == 0, "a closed peer was woken up")
    }

    @Test func `Closing ends the other side by ABORT and close_notify, in this order`() throws {
        let (pair, conversation) = try PeerPair.connected()
        pair.network.run(for: .seconds(1))
        var last: [UInt8] = []
        pair.network.onTransmit = { last.append($0.bytes.first ?? 0) }
        pair.close(pair.offerer)
        #expect(last.count == 2 && last.allSatisfy { (20...63).contains($0) }, "first bytes \(last)")
        #expect(pair.offerer.closed[conversation.offerers] == .some(nil))
        pair.network.run(for: .milliseconds(26))
        #expect(pair.answerer.closed[conversation.answerers] == .some(.associationLost))
        #expect(pair.answerer.dtlsStates.last == .closed)
    }

    @Test func `What is received after close is neither kept nor answered`() throws {
        let (pair, _) = try PeerPair.connected()
        var recorded: [EmulatedNetwork.Datagram] = []
        pair.network.onTransmit = { if $0.remote == PeerPair.address(1) { recorded.append($0) } }
        pair.network.run(for: .seconds(20))
        pair.close(pair.offerer)
        let sent = pair.offerer.engine.counters.datagramsSent
        for datagram in recorded { pair.network.inject(datagram) }
        pair.network.run(for: .seconds(1))
        #expect(pair.offerer.engine.counters.datagramsSent == sent)
        #expect(!recorded.isEmpty)
    }
}

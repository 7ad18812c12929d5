// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCSimulation
import RTCWire
import Testing

@Suite struct ConnectTests {
    @Test func `Two hosts on a LAN connect in one round trip and nominate in the next`() throws {
        let duo = Duo(NetworkConditions(delay: .milliseconds(1)))
        duo.connect()
        #expect(duo.run(.seconds(1)) { duo.areConnected })
        #expect(duo.now - .start == .milliseconds(2))
        #expect(duo.run(.seconds(1)) { duo.areNominated })
        #expect(duo.now - .start <= .milliseconds(6))
        #expect(duo.agree)
        #expect(duo.alice.agent.state == .completed)
        duo.run(.seconds(1))
        #expect(duo.alice.selections.count == 1)
        #expect(duo.bob.selections.count == 1)
        #expect(duo.alice.agent.roundTripTime == .milliseconds(2))
        #expect(duo.alice.states == [.checking, .connected, .completed])
    }
}

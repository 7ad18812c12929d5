// SPDX-License-Identifier: Apache-2.0

@testable import RTCICE
import RTCSimulation
import RTCWire
import Testing

@Suite struct RoleTests {
    @Test(arguments: [ICERole.controlling, .controlled])
    func `S9, 34: with equal roles exactly one side switches and they connect`(role: ICERole) {
        for seed in UInt64(0)..<40 {
            let duo = Duo(
                NetworkConditions(delay: .milliseconds(20), loss: 0.1), seed: seed, roles: (role, role))
            duo.connect()
            let nominated = duo.run(.seconds(20)) { duo.areNominated }
            #expect(nominated && duo.agree, "seed \(seed)")
            #expect(duo.alice.agent.role != duo.bob.agent.role, "seed \(seed)")
        }
    }

    @Test func `S9: even equal tie-breakers end with one controlling side`() {
        let duo = Duo(roles: (.controlling, .controlling))
        duo.alice.agent.tieBreaker = duo.bob.agent.tieBreaker
        duo.connect()
        #expect(duo.run(.seconds(30)) { duo.areNominated })
        #expect(duo.alice.agent.role != duo.bob.agent.role)
        #expect(duo.agree)
    }

    @Test func `45: a lite peer makes us controlling`() {
        let engine = AgentEngine("alice", role: .controlled, seed: 1)
        engine.agent.setRemoteCredentials(Duo().bob.agent.localCredentials, isLite: true, at: .start)
        #expect(engine.agent.role == .controlling)
        #expect(engine.takeEvents(at: .start).contains(.roleChanged(.controlling)))
    }
}

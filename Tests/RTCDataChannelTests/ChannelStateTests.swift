// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RTCDataChannel

@Suite struct ChannelStateTests {
    /// The state of a channel in each stage of its life.
    private enum Stage: CaseIterable {
        case waiting, waitingIncoming, announced, overtaken, accepted, closing, peerClosed, closed

        func make() -> ChannelState {
            var state: ChannelState
            switch self {
            case .waiting: state = .waiting()
            case .waitingIncoming: state = .waiting(isIncoming: true)
            case .announced, .overtaken, .closing, .peerClosed, .closed:
                state = .waiting()
                _ = state.start(isAnnounced: true)
            case .accepted: state = .accepted()
            }
            switch self {
            case .overtaken: _ = state.heardMessage()
            case .closing: _ = state.close(error: .invalidText)
            case .peerClosed: _ = state.incomingReset()
            case .closed: _ = state.end()
            case .waiting, .waitingIncoming, .announced, .accepted: break
            }
            return state
        }
    }

    @Test func `142: only an announced channel must send in order`() {
        for stage in Stage.allCases {
            var state = stage.make()
            let action = state.send(.text([]))
            switch stage {
            case .waiting, .waitingIncoming: #expect(action == .queued)
            case .announced: #expect(action == .send(mustBeOrdered: true))
            case .overtaken, .accepted: #expect(action == .send(mustBeOrdered: false))
            case .closing, .peerClosed, .closed: #expect(action == .refuse)
            }
        }
    }

    @Test func `C15: an ACK is due once, on a channel of ours`() {
        for stage in Stage.allCases {
            var state = stage.make()
            let action = state.heardAcknowledgement()
            switch stage {
            case .announced, .overtaken:
                #expect(action == .accept)
                let again = state.heardAcknowledgement()
                #expect(again == .violation)
            case .waiting, .waitingIncoming, .accepted: #expect(action == .violation)
            case .closing, .peerClosed, .closed: #expect(action == .ignore)
            }
        }
    }

    @Test func `messages belong to live channels`() {
        for stage in Stage.allCases {
            var state = stage.make()
            let action = state.heardMessage()
            switch stage {
            case .announced, .overtaken, .accepted, .waitingIncoming: #expect(action == .accept)
            case .waiting: #expect(action == .violation)
            case .closing, .peerClosed, .closed: #expect(action == .ignore)
            }
        }
    }

    @Test func `146: a channel is closed when both directions are reset, in either order`() {
        var state = Stage.closing.make()
        let first = state.incomingReset()
        let second = state.outgoingReset()
        #expect(first == .ignore && second == .closed(.invalidText))
        state = Stage.closing.make()
        let third = state.outgoingReset()
        let again = state.outgoingReset()
        let fourth = state.incomingReset()
        #expect(third == .ignore && again == .ignore && fourth == .closed(.invalidText))
        state = Stage.peerClosed.make()
        let isLast = state.awaitsOnlyOutgoingReset
        let end = state.outgoingReset()
        #expect(isLast && end == .closed(.refused))
    }

    @Test func `a reset by the peer is answered once`() {
        for stage in Stage.allCases {
            var state = stage.make()
            let action = state.incomingReset()
            let again = state.incomingReset()
            switch stage {
            case .announced, .overtaken, .accepted: #expect(action == .resetOutgoing)
            case .waitingIncoming: #expect(action == .wait)
            case .waiting, .closing, .peerClosed, .closed: #expect(action == .ignore)
            }
            #expect(again == .ignore)
        }
    }

    @Test func `a channel of the peer that opens and ends behind an earlier reset is answered and reset`() {
        var state = Stage.waitingIncoming.make()
        _ = state.send(.text([0x61]))
        _ = state.incomingReset()
        let refused = state.send(.text([0x62]))
        #expect(refused == .refuse)
        let next = state.outgoingReset()
        #expect(next == .start)
        guard case .send(let messages, thenReset: true) = state.start(isAnnounced: false) else {
            Issue.record("no reset")
            return
        }
        let end = state.outgoingReset()
        #expect(messages == [.text([0x61])] && end == .closed(nil))
    }

    @Test func `closing is done once, and needs the peer only when it knows of the channel`() {
        for stage in Stage.allCases {
            var state = stage.make()
            let action = state.close(error: nil)
            switch stage {
            case .waiting: #expect(action == .closed)
            case .waitingIncoming: #expect(action == .wait)
            case .announced, .overtaken, .accepted: #expect(action == .resetOutgoing)
            case .closing, .peerClosed, .closed: #expect(action == .ignore)
            }
            let again = state.close(error: nil)
            #expect(again == .ignore)
        }
    }
}

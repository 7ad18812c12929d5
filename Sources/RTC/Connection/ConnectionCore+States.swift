// SPDX-License-Identifier: Apache-2.0

internal import RTCEngine
internal import RTCICE
internal import Synchronization

extension ConnectionCore {
    /// Carries what ICE reports to the states, on the loop.
    func handle(_ event: ICEEvent) {
        guard case .stateChanged(let state) = event else { return }
        if state == .failed, let failure = self.engine.iceFailure {
            self.failure.withLock { $0 = $0 ?? RTCDiagnosis(failure) }
        }
        self.iceState.value = RTCIceTransportState(state)
        self.updateConnectionState()
    }

    /// Carries what DTLS reports to the states, on the loop.
    func handle(_ state: DTLSTransportState) {
        if case .failed(let failure) = state {
            self.failure.withLock { $0 = $0 ?? RTCDiagnosis(failure) }
        }
        self.dtlsState.value = RTCDtlsTransportState(state)
        // The peer has said goodbye: there is nothing that could bring this connection back.
        if state == .closed { self.abandon() }
        self.updateConnectionState()
    }

    private func updateConnectionState() {
        let state = RTCPeerConnectionState(ice: self.iceState.value, dtls: self.dtlsState.value)
        self.connectionState.change { $0 == .closed ? nil : state }
    }

    /// Carries what SCTP reports to the states, on the loop.
    func handle(_ state: SCTPTransportState) {
        switch state {
        case .connecting: self.sctpState.value = .connecting
        case .connected(let maxChannels):
            self.maxChannels.value = maxChannels
            self.sctpState.value = .connected
        case .closed(let reason):
            if let diagnosis = RTCDiagnosis(reason) { self.failure.withLock { $0 = $0 ?? diagnosis } }
            self.sctpState.value = .closed
        }
    }
}

extension RTCIceTransportState {
    init(_ state: ICEState) {
        switch state {
        case .new: self = .new
        case .checking: self = .checking
        case .connected: self = .connected
        case .completed: self = .completed
        case .disconnected: self = .disconnected
        case .failed: self = .failed
        case .closed: self = .closed
        }
    }
}

extension RTCDtlsTransportState {
    init(_ state: DTLSTransportState) {
        switch state {
        case .new: self = .new
        case .connecting: self = .connecting
        case .connected: self = .connected
        case .closed: self = .closed
        case .failed: self = .failed
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension FuzzBody {
    /// Text that is an address prints as text that is the same address.
    static let ipAddress = FuzzBody("ip-address") { bytes in
        let text = String(decoding: bytes.array, as: UTF8.self)
        guard let address = IPAddress(text) else { return }
        precondition(IPAddress(address.description) == address, "\(text) printed as \(address)")
    }
}

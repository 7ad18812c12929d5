// SPDX-License-Identifier: Apache-2.0

internal import RTCDataChannel

extension FuzzBody {
    /// A DCEP message that is taken prints as bytes that are the same message.
    static let dcep = FuzzBody("dcep") { bytes in
        guard let message = try? DCEPMessage(parsing: bytes), let written = message.bytes else { return }
        precondition((try? DCEPMessage(parsing: written.span.bytes)) == message)
    }
}

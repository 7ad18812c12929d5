// SPDX-License-Identifier: Apache-2.0

import RTC

/// Presses four keys.
func dial(over sender: RTCRtpSender) throws {
    // snippet.show
    try sender.dtmf?.insertDTMF("123#")
    // snippet.hide
}

/// Tells of each key that the peer presses.
func readTones(from receiver: RTCRtpReceiver, show: (String) -> Void) async {
    // snippet.show
    for await tone in receiver.tones { show("\(tone.tone) for \(tone.duration)") }
    // snippet.hide
}

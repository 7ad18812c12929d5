// SPDX-License-Identifier: Apache-2.0

/// Names one channel of one table, from its opening on and for ever.
///
/// It is not the stream: that is chosen late, and used again for another channel after this one has closed.
package struct DataChannelID: Hashable, Sendable {
    /// Where the table keeps the channel.
    let slot: UInt32
    /// Tells the channels apart that had the slot one after another.
    let serial: UInt32
}

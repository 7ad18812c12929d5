// SPDX-License-Identifier: Apache-2.0

/// A line whose value WebRTC does not use, kept as it came: `i=`, `u=`, `e=`, `p=`, `t=`, `r=`, `z=`, `k=`.
package struct OtherLine: Hashable, Sendable {
    /// The letter before the equals sign.
    package var type: Character
    package var value: String

    package init(type: Character, value: String) {
        self.type = type
        self.value = value
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTCSRTP

/// Compares this stack's SRTP with libsrtp2, both in this process.
///
///     srtp-bench compare                       every profile: the same bytes, and each opens what the other sealed
///     srtp-bench speed SECONDS ours|libsrtp2   packets sealed and opened a second of each profile, as one JSON object
@main struct SRTPBench {
    private static let names: [(SRTPProfile, String)] = [
        (.aeadAES128GCM, "AEAD_AES_128_GCM"), (.aeadAES256GCM, "AEAD_AES_256_GCM"),
        (.aes128CMHMACSHA1_80, "AES128_CM_HMAC_SHA1_80"), (.aes128CMHMACSHA1_32, "AES128_CM_HMAC_SHA1_32"),
    ]

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch arguments.first {
            case "compare":
                for (profile, name) in self.names {
                    print("\(name): \(try Comparison.run(profile: profile)) packets are the same in both")
                }
            case "speed": try self.speed(Array(arguments.dropFirst()))
            default: self.fail("usage: srtp-bench compare | speed SECONDS ours|libsrtp2")
            }
        } catch {
            self.fail("\(error)")
        }
    }

    private static func speed(_ arguments: [String]) throws {
        guard let seconds = arguments.first.flatMap(Double.init), ["ours", "libsrtp2"].contains(arguments.last) else {
            throw Failure("speed takes SECONDS and ours or libsrtp2")
        }
        let measure = arguments.last == "ours" ? Speed.ours : Speed.theirs
        var figures: [String: Double] = [:]
        for (profile, name) in self.names { figures[name] = try measure(profile, seconds).rounded() }
        let json = try JSONSerialization.data(withJSONObject: figures, options: .sortedKeys)
        print(String(decoding: json, as: UTF8.self))
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data("srtp-bench: \(message)\n".utf8))
        exit(1)
    }
}

// SPDX-License-Identifier: Apache-2.0
#if Opus
    import RTCMedia
    import Testing

    @testable import RTCCodecOpus

    @Suite struct OpusParametersTests {
        static func parameters(_ line: String?) -> OpusParameters {
            OpusParameters(RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2, sdpFmtpLine: line))
        }

        @Test func `Without parameters the defaults of RFC 7587 hold`() {
            let none = Self.parameters(nil)
            #expect(!none.isStereo && !none.usesErrorCorrection && !none.usesDiscontinuousTransmission)
            #expect(!none.isConstantBitrate && none.maxPlaybackRate == 48_000 && none.maxBitrate == 510_000)
            #expect(none.samplesPerPacket(wanted: .milliseconds(20)) == 960)
            #expect(none.bitrate(wanted: nil, application: .voip) == 32_000)
        }

        @Test func `Parameters are read whatever their case, spaces and order`() {
            let all = Self.parameters(" Stereo=1 ;usedtx=1; CBR=1;useinbandfec=1 ;; maxplaybackrate= 16000;bogus;=3")
            #expect(all.isStereo && all.usesErrorCorrection && all.usesDiscontinuousTransmission)
            #expect(all.isConstantBitrate && all.maxPlaybackRate == 16_000)
            #expect(all.bitrate(wanted: nil, application: .audio) == 40_000)
        }

        @Test func `Absurd numbers are taken as the nearest sensible ones`() {
            let absurd = "9223372036854775807"
            #expect(Self.parameters("maxaveragebitrate=\(absurd)").maxBitrate == 510_000)
            #expect(Self.parameters("maxaveragebitrate=1").maxBitrate == 6_000)
            #expect(Self.parameters("maxaveragebitrate=-5").maxBitrate == 510_000)
            for line in ["ptime=\(absurd)", "minptime=\(absurd)", "maxptime=\(absurd)", "ptime=0;maxptime=0"] {
                let samples = Self.parameters(line).samplesPerPacket(wanted: .milliseconds(20))
                #expect([480, 960, 1_920, 2_880].contains(samples), "\(line): \(samples)")
            }
            for wanted in [Duration.seconds(-1), .seconds(Int64.max), .zero] {
                #expect([480, 2_880].contains(Self.parameters(nil).samplesPerPacket(wanted: wanted)))
            }
        }

        @Test func `The packet time stays within the peer's bounds`() {
            func milliseconds(_ line: String, wanted: Int = 20) -> Int {
                Self.parameters(line).samplesPerPacket(wanted: .milliseconds(wanted)) / 48
            }
            #expect(milliseconds("minptime=10", wanted: 5) == 10)
            #expect(milliseconds("minptime=40") == 40)
            #expect(milliseconds("maxptime=10") == 10)
            #expect(milliseconds("maxptime=3") == 10, "the shortest that we make")
            #expect(milliseconds("ptime=30") == 20)
            #expect(milliseconds("", wanted: 500) == 60)
        }
    }
#endif

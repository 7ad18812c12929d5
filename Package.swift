// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The language settings that every target of this package shares.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]
/// Those of all but RTCTransport: when that is built as a whole module, Swift takes the C library's socket addresses to
/// be those of a Clang module of swift-nio, which is no product and cannot be imported.
let strict = common + [.enableUpcomingFeature("MemberImportVisibility")]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
// BoringSSL is not a product of its own; only RTCCrypto and RTCDTLS import it.
let boringSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

let package = Package(
    name: "swift-rtc",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .visionOS(.v2)],
    products: [
        .library(name: "RTC", targets: ["RTC"]),
        .library(name: "RTCSignaling", targets: ["RTCSignaling"]),
        .executable(name: "rtc", targets: ["RTCCommand"]),
    ],
    // One for each system library; with all of them off none is needed.
    traits: [
        .trait(name: "Opus", description: "Opus, with libopus"),
        .trait(name: "VPX", description: "VP8, with libvpx"),
        .trait(name: "OpenH264", description: "Encoding H.264, with OpenH264; H.264 needs FFmpeg too"),
        .trait(name: "FFmpeg", description: "Decoding H.264, with FFmpeg; H.264 needs OpenH264 too"),
        .default(enabledTraits: ["Opus", "VPX", "OpenH264", "FFmpeg"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", .upToNextMinor(from: "2.37.0")),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.11.0"),
    ],
    targets: [
        // L0
        .target(name: "CRTCWire"),
        .target(name: "RTCWire", dependencies: ["CRTCWire"], swiftSettings: strict),
        .target(name: "RTCCrypto", dependencies: ["RTCWire", boringSSL], swiftSettings: strict),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"]), .brew(["opus"])]),
        .systemLibrary(name: "CVPX", pkgConfig: "vpx", providers: [.apt(["libvpx-dev"]), .brew(["libvpx"])]),
        .systemLibrary(
            name: "COpenH264", pkgConfig: "openh264", providers: [.apt(["libopenh264-dev"]), .brew(["openh264"])]),
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavcodec",
            providers: [.apt(["libavcodec-dev", "libavutil-dev"]), .brew(["ffmpeg"])]),
        // L1
        .target(name: "RTCSTUN", dependencies: ["RTCWire", "RTCCrypto"], swiftSettings: strict),
        .target(name: "RTCICE", dependencies: ["RTCWire", "RTCSTUN"], swiftSettings: strict),
        .target(name: "RTCDTLS", dependencies: ["RTCWire", "RTCCrypto", boringSSL], swiftSettings: strict),
        .target(name: "RTCSRTP", dependencies: ["RTCCrypto"], swiftSettings: strict),
        .target(name: "RTCSCTP", dependencies: ["RTCWire", "RTCCrypto"], swiftSettings: strict),
        .target(name: "RTCDataChannel", dependencies: ["RTCWire", "RTCSCTP"], swiftSettings: strict),
        .target(name: "RTCSDP", swiftSettings: strict),
        .target(name: "RTCMDNS", dependencies: ["RTCWire"], swiftSettings: strict),
        .target(name: "RTCRTP", dependencies: ["RTCWire"], swiftSettings: strict),
        // L2
        .target(name: "RTCMedia", dependencies: ["RTCWire", "RTCRTP"], swiftSettings: strict),
        // L3
        .target(
            name: "RTCEngine",
            dependencies: [
                "RTCWire", "RTCCrypto", "RTCICE", "RTCDTLS", "RTCSRTP", "RTCSCTP", "RTCDataChannel", "RTCRTP",
                "RTCMedia",
            ],
            swiftSettings: strict),
        .target(name: "RTCNegotiation", dependencies: ["RTCSDP"], swiftSettings: strict),
        // L4
        .target(
            name: "RTCTransport", dependencies: ["RTCWire", "RTCMDNS", nioCore, nioPosix], swiftSettings: common),
        .target(
            name: "RTCCodecOpus",
            dependencies: ["RTCMedia", .target(name: "COpus", condition: .when(traits: ["Opus"]))],
            swiftSettings: strict),
        .target(
            name: "RTCCodecVPX",
            dependencies: ["RTCMedia", .target(name: "CVPX", condition: .when(traits: ["VPX"]))],
            swiftSettings: strict),
        .target(
            name: "RTCCodecH264",
            dependencies: [
                "RTCMedia", "RTCWire",
                .target(name: "COpenH264", condition: .when(traits: ["OpenH264"])),
                .target(name: "CFFmpeg", condition: .when(traits: ["FFmpeg"])),
            ],
            swiftSettings: strict),
        .target(name: "RTCCodecG7xx", dependencies: ["RTCMedia", "RTCWire"], swiftSettings: strict),
        // L5
        .target(
            name: "RTC",
            dependencies: [
                "RTCWire", "RTCCrypto", "RTCICE", "RTCDTLS", "RTCDataChannel", "RTCRTP", "RTCMedia", "RTCSDP",
                "RTCEngine", "RTCNegotiation", "RTCTransport", "RTCCodecG7xx", "RTCCodecOpus", "RTCCodecVPX",
                "RTCCodecH264", nioCore, nioPosix, deque,
            ],
            swiftSettings: strict),
        // L6
        .target(name: "RTCSignaling", dependencies: ["RTC", nioCore, nioPosix], swiftSettings: strict),
        .executableTarget(
            name: "RTCCommand",
            dependencies: [
                "RTC", "RTCCrypto", "RTCSignaling", nioCore,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            resources: [.embedInCode("Resources/index.html"), .embedInCode("Resources/call.js")],
            swiftSettings: strict),
        // Beside the layers
        .target(
            name: "RTCSimulation",
            dependencies: ["RTCWire", "RTCCrypto", "RTCICE", "RTCDTLS", "RTCDataChannel", "RTCMedia", "RTCEngine"],
            swiftSettings: strict),
        // Tests
        .testTarget(name: "RTCWireTests", dependencies: ["RTCWire"], swiftSettings: strict),
        .testTarget(name: "RTCCryptoTests", dependencies: ["RTCCrypto"], swiftSettings: strict),
        .testTarget(name: "RTCSTUNTests", dependencies: ["RTCSTUN", "RTCWire", "RTCCrypto"], swiftSettings: strict),
        .testTarget(
            name: "RTCICETests", dependencies: ["RTCICE", "RTCSTUN", "RTCWire", "RTCSimulation"],
            swiftSettings: strict),
        .testTarget(
            name: "RTCDTLSTests", dependencies: ["RTCDTLS", "RTCCrypto", "RTCSimulation", "RTCWire", boringSSL],
            swiftSettings: strict),
        .testTarget(
            name: "RTCSRTPTests", dependencies: ["RTCSRTP", "RTCCrypto", "RTCWire"], swiftSettings: strict),
        .testTarget(
            name: "RTCSCTPTests", dependencies: ["RTCSCTP", "RTCWire", "RTCSimulation"], swiftSettings: strict),
        .testTarget(
            name: "RTCDataChannelTests", dependencies: ["RTCDataChannel", "RTCSCTP", "RTCWire", "RTCSimulation"],
            swiftSettings: strict),
        .testTarget(name: "RTCRTPTests", dependencies: ["RTCRTP", "RTCWire"], swiftSettings: strict),
        .testTarget(
            name: "RTCMediaTests", dependencies: ["RTCMedia", "RTCRTP", "RTCWire", "RTCSimulation"],
            swiftSettings: strict),
        .testTarget(name: "RTCSDPTests", dependencies: ["RTCSDP", "RTCWire"], swiftSettings: strict),
        .testTarget(
            name: "RTCNegotiationTests", dependencies: ["RTCNegotiation", "RTCSDP", "RTCWire"], swiftSettings: strict),
        .testTarget(
            name: "RTCEngineTests",
            dependencies: [
                "RTCEngine", "RTCCrypto", "RTCDTLS", "RTCDataChannel", "RTCICE", "RTCSCTP", "RTCRTP", "RTCMedia",
                "RTCSRTP", "RTCWire", "RTCSimulation",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RTCTransportTests", dependencies: ["RTCTransport", "RTCMDNS", "RTCWire"], swiftSettings: strict),
        .testTarget(
            name: "RTCCodecTests",
            dependencies: ["RTCCodecOpus", "RTCCodecVPX", "RTCCodecH264", "RTCMedia", "RTCWire"],
            swiftSettings: strict),
        .testTarget(
            name: "RTCCodecG7xxTests", dependencies: ["RTCCodecG7xx", "RTCMedia", "RTCWire"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(name: "RTCSimulationTests", dependencies: ["RTCSimulation", "RTCWire"], swiftSettings: strict),
        .testTarget(name: "RTCTests", dependencies: ["RTC", nioCore], swiftSettings: strict),
        .testTarget(
            name: "RTCSignalingTests", dependencies: ["RTCSignaling", "RTC", nioCore, nioPosix], swiftSettings: strict),
        // The examples of the documentation, and their tests
        .target(name: "RTCExamples", dependencies: ["RTC"], path: "Examples/Media", swiftSettings: strict),
        .testTarget(name: "RTCExamplesTests", dependencies: ["RTCExamples", "RTC"], swiftSettings: strict),
        // Fuzzing: what is fuzzed is also tested (CONTRIBUTING.md)
        .target(
            name: "RTCFuzzBodies",
            dependencies: [
                "RTCWire", "RTCCrypto", "RTCSTUN", "RTCICE", "RTCDTLS", "RTCSRTP", "RTCSCTP", "RTCDataChannel",
                "RTCSDP",
                "RTCMDNS", "RTCRTP", "RTCMedia", "RTCEngine", "RTCNegotiation", "RTCCodecOpus", "RTCCodecH264",
                "RTCSimulation",
            ],
            path: "Fuzz/Bodies", swiftSettings: strict),
        .testTarget(
            name: "RTCFuzzTests", dependencies: ["RTCFuzzBodies", "RTCWire"], path: "Fuzz/Tests", swiftSettings: strict),
    ]
)

// Scripts/fuzz.sh alone builds the executable that libFuzzer drives: its `main` is libFuzzer's.
if Context.environment["RTC_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(name: "rtc-fuzz", dependencies: ["RTCFuzzBodies"], path: "Fuzz/Runner", swiftSettings: strict)
    )
}

// Scripts/bench.sh alone builds the comparison with libsrtp2: SRTP is no product, so a package of its own cannot reach it.
if Context.environment["RTC_BENCH"] != nil {
    package.products.append(.executable(name: "srtp-bench", targets: ["srtp-bench"]))
    package.targets += [
        .systemLibrary(name: "CSRTP2", path: "Benchmarks/Sources/CSRTP2", providers: [.apt(["libsrtp2-dev"])]),
        .executableTarget(
            name: "srtp-bench", dependencies: ["RTCSRTP", "CSRTP2"], path: "Benchmarks/Sources/srtp-bench",
            swiftSettings: strict),
    ]
}

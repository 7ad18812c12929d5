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
        // L1
        .target(name: "RTCSTUN", dependencies: ["RTCWire", "RTCCrypto"], swiftSettings: strict),
        .target(name: "RTCICE", dependencies: ["RTCWire", "RTCSTUN"], swiftSettings: strict),
        .target(name: "RTCDTLS", dependencies: ["RTCWire", "RTCCrypto", boringSSL], swiftSettings: strict),
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
            dependencies: ["RTCWire", "RTCCrypto", "RTCICE", "RTCDTLS", "RTCSCTP", "RTCDataChannel"],
            swiftSettings: strict),
        .target(name: "RTCNegotiation", dependencies: ["RTCSDP"], swiftSettings: strict),
        // L4
        .target(
            name: "RTCTransport", dependencies: ["RTCWire", "RTCMDNS", nioCore, nioPosix], swiftSettings: common),
        // L5
        .target(
            name: "RTC",
            dependencies: [
                "RTCWire", "RTCCrypto", "RTCICE", "RTCDTLS", "RTCDataChannel", "RTCSDP", "RTCEngine", "RTCNegotiation",
                "RTCTransport", nioCore, nioPosix, deque,
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
            resources: [.embedInCode("Resources/index.html")],
            swiftSettings: strict),
        // Beside the layers
        .target(
            name: "RTCSimulation",
            dependencies: ["RTCWire", "RTCCrypto", "RTCICE", "RTCDTLS", "RTCDataChannel", "RTCEngine"],
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
            name: "RTCSCTPTests", dependencies: ["RTCSCTP", "RTCWire", "RTCSimulation"], swiftSettings: strict),
        .testTarget(
            name: "RTCDataChannelTests", dependencies: ["RTCDataChannel", "RTCSCTP", "RTCWire", "RTCSimulation"],
            swiftSettings: strict),
        .testTarget(name: "RTCSDPTests", dependencies: ["RTCSDP", "RTCWire"], swiftSettings: strict),
        .testTarget(
            name: "RTCNegotiationTests", dependencies: ["RTCNegotiation", "RTCSDP", "RTCWire"], swiftSettings: strict),
        .testTarget(
            name: "RTCEngineTests",
            dependencies: [
                "RTCEngine", "RTCCrypto", "RTCDTLS", "RTCDataChannel", "RTCICE", "RTCSCTP", "RTCWire", "RTCSimulation",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RTCTransportTests", dependencies: ["RTCTransport", "RTCMDNS", "RTCWire"], swiftSettings: strict),
        .testTarget(name: "RTCSimulationTests", dependencies: ["RTCSimulation", "RTCWire"], swiftSettings: strict),
        .testTarget(name: "RTCTests", dependencies: ["RTC", nioCore], swiftSettings: strict),
        .testTarget(
            name: "RTCSignalingTests", dependencies: ["RTCSignaling", "RTC", nioCore, nioPosix], swiftSettings: strict),
        // Fuzzing: what is fuzzed is also tested (CONTRIBUTING.md)
        .target(
            name: "RTCFuzzBodies",
            dependencies: [
                "RTCWire", "RTCCrypto", "RTCSTUN", "RTCICE", "RTCDTLS", "RTCSCTP", "RTCDataChannel", "RTCSDP",
                "RTCMDNS", "RTCEngine", "RTCNegotiation", "RTCSimulation",
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

// `make docs` alone needs the documentation plugin.
if Context.environment["RTC_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0"))
}

// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The language settings that every target of this package shares.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
    name: "swift-rtc",
    platforms: [.macOS(.v26), .iOS(.v26), .tvOS(.v26), .visionOS(.v26)],
    products: [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", .upToNextMinor(from: "2.37.0")),
    ],
    targets: [
        // L0
        .target(name: "CRTCWire"),
        .target(name: "RTCWire", dependencies: ["CRTCWire"], swiftSettings: strict),
        .target(
            name: "RTCCrypto",
            dependencies: ["RTCWire", .product(name: "NIOSSL", package: "swift-nio-ssl")],
            swiftSettings: strict
        ),
        // L4
        .target(
            name: "RTCTransport",
            dependencies: [
                "RTCWire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        // Beside the layers
        .target(name: "RTCSimulation", dependencies: ["RTCWire"], swiftSettings: strict),
        // Tests
        .testTarget(name: "RTCWireTests", dependencies: ["RTCWire"], swiftSettings: strict),
        .testTarget(name: "RTCCryptoTests", dependencies: ["RTCCrypto"], swiftSettings: strict),
        .testTarget(name: "RTCSimulationTests", dependencies: ["RTCSimulation"], swiftSettings: strict),
        .testTarget(name: "RTCTransportTests", dependencies: ["RTCTransport"], swiftSettings: strict),
    ]
)

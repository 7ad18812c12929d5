// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The language settings that every target of this package shares.
var strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

// The Makefile and CI set this: a warning stops our own builds, never the build of somebody who uses this package.
if Context.environment["RTC_WARNINGS_AS_ERRORS"] != nil { strict.append(.treatAllWarnings(as: .error)) }

let package = Package(
    name: "swift-rtc",
    platforms: [.macOS(.v26), .iOS(.v26), .tvOS(.v26), .visionOS(.v26)],
    products: [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio-ssl.git", .upToNextMinor(from: "2.37.0"))
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
        // Beside the layers
        .target(name: "RTCSimulation", dependencies: ["RTCWire"], swiftSettings: strict),
        // Tests
        .testTarget(name: "RTCWireTests", dependencies: ["RTCWire"], swiftSettings: strict),
        .testTarget(name: "RTCCryptoTests", dependencies: ["RTCCrypto"], swiftSettings: strict),
        .testTarget(name: "RTCSimulationTests", dependencies: ["RTCSimulation"], swiftSettings: strict),
        // Fuzzing: what is fuzzed is also tested (CONTRIBUTING.md)
        .target(name: "RTCFuzzBodies", dependencies: ["RTCWire"], path: "Fuzz/Bodies", swiftSettings: strict),
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

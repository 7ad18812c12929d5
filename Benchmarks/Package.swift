// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let package = Package(
    name: "swift-rtc-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-rtc", path: "..")],
    targets: [
        .executableTarget(
            name: "rtc-bench",
            dependencies: [.product(name: "RTC", package: "swift-rtc")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ])
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules: warnings are errors, and an import is private unless it says otherwise.
let rules: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

extension Target {
  /// A module of the product; what it may import is written here and checked by `ArchitectureTests`.
  static func module(_ name: String, uses dependencies: [Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: rules)
  }

  static func tests(of name: String, uses dependencies: [Dependency] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: rules)
  }
}

extension Target.Dependency {
  static let grdb = product(name: "GRDB", package: "GRDB.swift")
  static let sqlite = product(name: "GRDBSQLite", package: "GRDB.swift")
  static let arguments = product(name: "ArgumentParser", package: "swift-argument-parser")
  static let crypto = product(name: "Crypto", package: "swift-crypto")
  static let deque = product(name: "DequeModule", package: "swift-collections")
  static let logging = product(name: "Logging", package: "swift-log")
  static let nioCore = product(name: "NIOCore", package: "swift-nio")
  static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
  static let yaml = product(name: "Yams", package: "Yams")
  static let mustache = product(name: "Mustache", package: "swift-mustache")
}

let package = Package(
  name: "postroom",
  products: [.executable(name: "postroom", targets: ["postroom"])],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .module("MailModel"),
    .module("MailFormats", uses: ["MailModel", .crypto]),
    .module("MailPolicy", uses: ["MailModel"]),
    .module("Storage", uses: ["MailModel", "CSQLite", .grdb, .sqlite, .crypto]),
    .module("Transport", uses: ["MailModel", "MailFormats", "CCurl"]),
    .module(
      "Engine",
      uses: ["MailModel", "MailFormats", "MailPolicy", "Storage", .crypto, .deque, .logging, .mustache, .yaml]),
    .module("TerminalUI"),
    .module("TerminalNcurses", uses: ["TerminalUI", "CNcurses"]),
    .module("Console", uses: ["Engine", "TerminalUI", "MailModel"]),
    .module("Sandbox", uses: ["MailModel", "MailFormats", .nioCore, .nioPosix]),
    .executableTarget(
      name: "postroom",
      dependencies: [
        "MailModel", "MailFormats", "MailPolicy", "Storage", "Transport", "Engine", "TerminalUI", "TerminalNcurses",
        "Console", "Sandbox", .arguments, .logging,
      ],
      swiftSettings: rules),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CNcurses"),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .tests(of: "MailModel"),
    .tests(of: "MailFormats", uses: ["TestSupport"]),
    .tests(of: "MailPolicy", uses: ["MailModel"]),
    .tests(of: "Engine", uses: ["MailModel", "MailFormats", "MailPolicy", "Storage", .crypto, .grdb, .logging]),
    .testTarget(name: "ArchitectureTests", swiftSettings: rules),
    .tests(of: "Storage", uses: ["MailModel", "MailPolicy", "TestSupport", .grdb]),
    .tests(of: "TerminalUI", uses: ["TestSupport"]),
    .testTarget(
      name: "ConsoleTests",
      dependencies: ["Console", "Engine", "TerminalUI", "MailModel", "MailFormats", "Storage", "MailPolicy", .logging],
      exclude: ["Golden"], swiftSettings: rules),
    .tests(of: "Sandbox", uses: ["MailFormats"]),
    .tests(of: "Transport", uses: ["MailModel", "MailFormats", "TestSupport"]),
    .testTarget(
      name: "StoryTests", dependencies: ["TestSupport", "postroom", "Sandbox", "MailModel", "MailFormats", .grdb],
      swiftSettings: rules),
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: rules),
  ],
  swiftLanguageModes: [.v6]
)

public import Foundation
import MailModel
public import MailPolicy
import Yams

/// `data/shaping.yaml` into rules.
public enum ShapingFile {
  private struct File: ClosedKeys {
    var providers: [String: Closed<Provider>]?
    var slowDowns: [Closed<SlowDown>]?
    var limits: [String: String]?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case providers, limits
      case slowDowns = "slow_down"
    }
  }

  private struct Provider: ClosedKeys {
    var domains: [String]?
    var exchangers: [String]?
    var concurrency: Int?
    var messagesPerConnection: Int?
    var rate: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case domains, exchangers, concurrency, rate
      case messagesPerConnection = "messages_per_connection"
    }
  }

  private struct SlowDown: ClosedKeys {
    var phrase: String
    var pause: String

    enum CodingKeys: String, CodingKey, CaseIterable { case phrase, pause }
  }

  /// The first of `folders` that has the file; no limits at all when none has.
  /// - Throws: `ConfigurationError` that names the file and what is wrong in it.
  public static func read(from folders: [URL]) throws -> ShapingRules {
    let files = folders.map { $0.appending(path: "shaping.yaml") }
    guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      return ShapingRules()
    }
    let text = try WholeFile.text(file.path, expected: "UTF-8 text in YAML")
    do { return try rules(try YAMLDecoder().decode(Closed<File>.self, from: text).content, file) } catch {
      throw ConfigurationError(
        yaml: error, text: text, file: file.path, expected: "providers, slow_down and limits, as in the file shipped")
    }
  }

  private static func rules(_ content: File, _ file: URL) throws(ConfigurationError) -> ShapingRules {
    let providers = try providers(content.providers ?? [:], file)
    var slowDowns: [ShapingRules.SlowDown] = []
    for rule in (content.slowDowns ?? []).map(\.content) {
      guard let pause = span(rule.pause), !rule.phrase.isEmpty else {
        throw error(file, "slow_down '\(rule.phrase)' rests '\(rule.pause)'", "a phrase, and 30s, 5min or 2h")
      }
      slowDowns.append(ShapingRules.SlowDown(phrase: rule.phrase, pause: pause))
    }
    var rates: [ShapingScope: RateLimit] = [:]
    for (name, text) in content.limits ?? [:] {
      guard let scope = ShapingScope(name) else {
        throw error(file, "limits names '\(name)'", "inbox:, relay:, campaign:, account: or destination: and a name")
      }
      rates[scope] = try rate(text, of: name, file)
    }
    return ShapingRules(providers: providers, slowDowns: slowDowns, rates: rates)
  }

  private static func providers(
    _ found: [String: Closed<Provider>], _ file: URL
  ) throws(ConfigurationError) -> [ShapingRules.Provider] {
    var providers: [ShapingRules.Provider] = []
    for (name, provider) in found.mapValues(\.content).sorted(by: { $0.key < $1.key }) {
      for (what, number) in [
        ("concurrency", provider.concurrency), ("messages_per_connection", provider.messagesPerConnection),
      ] where !(1...1_000_000).contains(number ?? 1) {
        throw error(file, "\(what) of \(name) is \(number ?? 0)", "a whole number from 1")
      }
      let domains = Set((provider.domains ?? []).map { $0.lowercased() })
      for other in providers {
        guard let domain = domains.intersection(other.domains).min() else { continue }
        throw error(file, "\(domain) belongs to \(other.name) and to \(name)", "one provider for each domain")
      }
      providers.append(
        ShapingRules.Provider(
          name: name.lowercased(), domains: domains, exchangers: (provider.exchangers ?? []).map { $0.lowercased() },
          concurrency: provider.concurrency, messagesPerConnection: provider.messagesPerConnection,
          rate: try provider.rate.map { (text) throws(ConfigurationError) in try rate(text, of: name, file) }))
    }
    return providers
  }

  private static func rate(_ text: String, of name: String, _ file: URL) throws(ConfigurationError) -> RateLimit {
    guard let rate = RateLimit(text) else {
      throw error(file, "the rate of \(name) is '\(text)'", "such as 10/s, 100/min, 1000/h or 5000/d")
    }
    return rate
  }

  /// `30s`, `5min`, `2h`, `7d`.
  static func span(_ text: String) -> Span? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number > 0, number < 100_000 else { return nil }
    return switch text.dropFirst(digits.count) {
    case "s": .seconds(number)
    case "min": .minutes(number)
    case "h": .hours(number)
    case "d": .days(number)
    default: nil
    }
  }

  private static func error(_ file: URL, _ problem: String, _ expected: String) -> ConfigurationError {
    ConfigurationError(place: .init(file: file.path), problem: problem, expected: expected)
  }
}

import MailFormats

/// The raw values of all keys, each with the place it came from: environment over `.env` over the key's fallback.
struct ConfigurationValues {
  private struct Found {
    var value: String
    var place: ConfigurationError.Place
  }

  private var found: [String: Found] = [:]
  private let file: String
  /// Keys of `.env` that no part of the program knows, with their lines.
  private(set) var unknown: [(key: String, line: Int)] = []
  /// Keys of `.env` that do nothing, because another spelling of the same says something else.
  private(set) var outspelt: [(key: String, line: Int, by: String)] = []

  /// - Throws: `ConfigurationError` for the first value that does not have its key's form.
  init(file: DotEnv, named name: String, environment: [String: String]) throws(ConfigurationError) {
    self.file = name
    let entries = Dictionary(file.entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var known: Set<String> = []
    for key in ConfigurationKey.all {
      let spellings = [key.name] + key.aliases
      known.formUnion(spellings)
      if let spelling = spellings.first(where: { environment[$0] != nil }), let value = environment[spelling] {
        found[key.name] = Found(value: value, place: .init(file: "environment variable \(spelling)"))
      } else {
        let spelt = spellings.compactMap { entries[$0] }
        // The sample has the first spelling with nothing behind it: that takes no value away.
        guard let entry = spelt.first(where: { !$0.value.isEmpty }) ?? spelt.first else { continue }
        found[key.name] = Found(value: entry.value, place: .init(file: name, line: entry.line))
        outspelt += spelt.filter { !$0.value.isEmpty && $0.value != entry.value }.map { ($0.key, $0.line, entry.key) }
      }
      try check(key)
    }
    unknown = file.entries.filter { !known.contains($0.key) }.map { ($0.key, $0.line) }
  }

  private func check(_ key: ConfigurationKey) throws(ConfigurationError) {
    guard let found = found[key.name], !(found.value.isEmpty && key.fallback != nil) else { return }
    let isRight =
      switch key.form {
      case .text, .secret, .path: !found.value.contains { $0.isNewline || $0 == "\0" }
      case .host: ConfigurationValues.isHost(found.value)
      case .integer(let range): Int(found.value).map(range.contains) ?? false
      case .choice(let words):
        words.contains(found.value) || words.contains(found.value.uppercased())
          || words.contains(found.value.lowercased())
      case .limits(let range):
        ConfigurationValues.pair(found.value).map { range.contains($0) && range.contains($1) && $0 <= $1 } ?? false
      case .boolean: ["true", "false"].contains(found.value.lowercased())
      case .address(let withName): ConfigurationValues.isAddress(found.value, withName: withName)
      }
    guard isRight else {
      throw ConfigurationError(
        place: found.place, problem: "\(key.name) has a wrong value", expected: key.form.expectation)
    }
  }

  /// An IPv6 address has two colons or more; one colon is a port.
  private static func isHost(_ text: String) -> Bool {
    text.count { $0 == ":" } != 1 && !text.contains { $0.isWhitespace || "/@\0".contains($0) }
      && !text.contains("]:")
  }

  private static func isAddress(_ text: String, withName: Bool) -> Bool {
    guard withName else { return (try? Address(parsing: text)) != nil }
    let mailboxes = AddressList.parse(text)
    return mailboxes.count == 1 && mailboxes.allSatisfy { (try? Address(parsing: $0.address)) != nil }
  }

  /// The value of a key, in the spelling of its choices.
  func text(_ name: String) throws(ConfigurationError) -> String {
    guard let key = ConfigurationKey.all.first(where: { $0.name == name }) else {
      throw ConfigurationError(
        place: .init(file: file), problem: "\(name) is not a key", expected: "a key of .env.example")
    }
    let value = found[name]?.value ?? ""
    if value.isEmpty {
      guard let fallback = key.fallback else {
        throw ConfigurationError(
          place: .init(file: file), problem: "\(name) is missing", expected: "\(key.form.expectation): \(key.help)")
      }
      return fallback
    }
    if case .choice(let words) = key.form {
      return words.first { $0 == value || $0 == value.uppercased() || $0 == value.lowercased() } ?? value
    }
    return value
  }

  func integer(_ name: String) throws(ConfigurationError) -> Int {
    guard let number = Int(try text(name)) else {
      throw error(name, problem: "not a number", expected: "a whole number")
    }
    return number
  }

  func error(_ name: String, problem: String, expected: String) -> ConfigurationError {
    ConfigurationError(
      place: found[name]?.place ?? .init(file: file), problem: "\(name): \(problem)", expected: expected)
  }
}

import Foundation

/// Whole files that people write: those of the workspace, of `data/` and those that operations are given.
enum WholeFile {
  /// - Parameter limit: bytes beyond it are not read.
  /// - Throws: `ConfigurationError` in the system's words.
  static func read(_ path: String, expected: String, limit: Int = .max) throws(ConfigurationError) -> Data {
    try read(try OpenFile.opened(path, expected: expected), limit)
  }

  /// `nil` when there is no such file.
  /// - Throws: `ConfigurationError` in the system's words.
  static func readIfThere(_ path: String, expected: String) throws(ConfigurationError) -> Data? {
    guard let file = try OpenFile(path, expected: expected) else { return nil }
    return try read(file, .max)
  }

  /// - Throws: `ConfigurationError`, also for what is not UTF-8.
  static func text(_ path: String, expected: String) throws(ConfigurationError) -> String {
    guard let text = String(data: try read(path, expected: expected), encoding: .utf8) else {
      throw ConfigurationError(place: .init(file: path), problem: "is not UTF-8", expected: expected)
    }
    return text
  }

  private static func read(_ file: OpenFile, _ limit: Int) throws(ConfigurationError) -> Data {
    var data = Data()
    while data.count < limit {
      let part = try file.read(atMost: min(1 << 16, limit - data.count))
      if part.isEmpty { break }
      data += part
    }
    return data
  }
}

import Foundation

/// Whole files that people write: settings, which are those of the workspace and of `data/`, and material, which is
/// what operations are given.
enum WholeFile {
  /// - Throws: `ConfigurationError` in the system's words.
  static func read(_ path: String, expected: String) throws(ConfigurationError) -> Data {
    do { return try material(path, expected: expected, limit: .max) } catch { throw ConfigurationError(error) }
  }

  /// `nil` when there is no such file.
  /// - Throws: `ConfigurationError` in the system's words.
  static func readIfThere(_ path: String, expected: String) throws(ConfigurationError) -> Data? {
    do {
      guard let file = try OpenFile(path, expected: expected) else { return nil }
      return try read(file, .max)
    } catch { throw ConfigurationError(error) }
  }

  /// A file that somebody named: no setting is wrong when it cannot be read.
  /// - Parameter limit: bytes beyond it are not read.
  /// - Throws: `FileProblem` in the system's words.
  static func material(_ path: String, expected: String, limit: Int) throws(FileProblem) -> Data {
    try read(try OpenFile.opened(path, expected: expected), limit)
  }

  /// - Throws: `ConfigurationError`, also for what is not UTF-8.
  static func text(_ path: String, expected: String) throws(ConfigurationError) -> String {
    try text(of: try read(path, expected: expected), path, expected)
  }

  /// `nil` when there is no such file.
  /// - Throws: `ConfigurationError`, also for what is not UTF-8.
  static func textIfThere(_ path: String, expected: String) throws(ConfigurationError) -> String? {
    guard let data = try readIfThere(path, expected: expected) else { return nil }
    return try text(of: data, path, expected)
  }

  private static func text(
    of data: Data, _ path: String, _ expected: String
  ) throws(ConfigurationError) -> String {
    guard let text = String(data: data, encoding: .utf8) else {
      throw ConfigurationError(place: .init(file: path), problem: "is not UTF-8", expected: expected)
    }
    return text
  }

  private static func read(_ file: OpenFile, _ limit: Int) throws(FileProblem) -> Data {
    var data = Data()
    while data.count < limit {
      let part = try file.read(atMost: min(1 << 16, limit - data.count))
      if part.isEmpty { break }
      data += part
    }
    return data
  }
}

extension ConfigurationError {
  /// A file of settings that cannot be read.
  init(_ problem: FileProblem) {
    self.init(
      place: .init(file: problem.path), problem: "cannot be read: \(String(cString: strerror(problem.code)))",
      expected: problem.expected ?? "a file")
  }
}

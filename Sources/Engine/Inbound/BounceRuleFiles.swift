public import Foundation
public import MailFormats

/// Finds and reads `data/bounce-rules.conf`: the one that is shipped, and the workspace's own that extends it.
public enum BounceRuleFiles {
  public static let name = "bounce-rules.conf"

  /// - Parameters:
  ///   - dataFolder: where the shipped file is.
  ///   - workspace: where an operator's own `data/bounce-rules.conf` may be.
  /// - Throws: `ConfigurationError` that names file and line.
  public static func read(dataFolder: URL, workspace: URL?) throws(ConfigurationError) -> BounceRules {
    let place = dataFolder.appending(path: name)
    let shipped = BounceRules(try file(place))
    guard let own = workspace?.appending(path: "data/\(name)"),
      own.standardizedFileURL != place.standardizedFileURL, FileManager.default.fileExists(atPath: own.path)
    else { return shipped }
    return shipped.extended(by: try file(own))
  }

  private static func file(_ url: URL) throws(ConfigurationError) -> BounceRuleFile {
    let data = try WholeFile.read(url.path, expected: "bounce rules")
    do {
      return try BounceRuleFile(parsing: Array(ByteOrderMark.skipped(in: [UInt8](data))))
    } catch {
      throw ConfigurationError(
        place: .init(file: url.path, line: error.line), problem: error.problem,
        expected: "rules as the head of the shipped \(name) explains them")
    }
  }
}

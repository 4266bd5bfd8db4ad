import Foundation
public import MailModel

/// The `operators` file: who has which role, one `user role` a line, bound to system users.
public struct Operators: Sendable, Equatable {
  public var roles: [String: Role]
  /// Lines that do nothing, because the same person stands again further down: worth a warning.
  public private(set) var idleLines: [Int] = []

  /// Nobody named: everybody is a watcher.
  public static let none = Operators(roles: [:])

  private init(roles: [String: Role]) { self.roles = roles }

  /// - Throws: `ConfigurationError` with the line.
  public init(parsing text: String, file: String) throws(ConfigurationError) {
    roles = [:]
    var lines: [String: Int] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      if words.isEmpty { continue }
      guard words.count == 2, let role = Role(name: String(words[1])) else {
        throw ConfigurationError(
          place: .init(file: file, line: index + 1), problem: "not a user and a role",
          expected: "USER and one of \(Role.allCases.map(\.name).joined(separator: ", "))")
      }
      roles[String(words[0])] = role
      if let earlier = lines.updateValue(index + 1, forKey: String(words[0])) { idleLines.append(earlier) }
    }
  }

  /// - Throws: `ConfigurationError`, also when the file cannot be read: who has which role is unknown then. A missing
  ///   file makes everybody a watcher.
  public init(path: String) throws(ConfigurationError) {
    let text = try WholeFile.textIfThere(path, expected: "a file of lines USER ROLE that you may read")
    try self.init(parsing: text ?? "", file: path)
  }

  static func initialText(owner: String) -> String {
    """
    # Who may do what: USER ROLE, one a line. Roles: watcher, operator, reviewer, lead.
    # Whoever is not named here may look and press the emergency stop, nothing else.
    \(owner) lead

    """
  }

  /// The person running this process. Not named means watcher.
  public func actor(user: String, host: String, process: Int32) -> Actor {
    Actor(name: user, role: roles[user] ?? .watcher, origin: "\(host):\(process)")
  }

  /// The name of the system user of this process, from the user database and not from the environment.
  public static func systemUser() -> String {
    SystemDatabase.user(getuid()) ?? "uid\(getuid())"
  }
}

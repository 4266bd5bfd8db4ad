/// What a person may do. Each role includes those below it.
public enum Role: Int, Comparable, Sendable, CaseIterable, Codable {
  /// Reads everything, changes nothing.
  case watcher
  /// Works the queue, the checklist and the emergency stop (on-call engineer).
  case `operator`
  /// Also decides about accounts: restrict, lift, dismiss.
  case reviewer
  /// Also approves, sets thresholds and roles.
  case lead

  public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }

  /// The word used in the `operators` file, in audit rows and on screen.
  public var name: String {
    switch self {
    case .watcher: "watcher"
    case .operator: "operator"
    case .reviewer: "reviewer"
    case .lead: "lead"
    }
  }

  public init?(name: String) {
    guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
    self = role
  }
}

/// Who acts: a person with a role, or the program itself when policy decides.
public struct Actor: Hashable, Sendable {
  /// The system user's name, or `postroom` for what the program does by itself.
  public var name: String
  public var role: Role
  /// Host and process the action came from, for the audit log, such as `desk1:4711`.
  public var origin: String

  public init(name: String, role: Role, origin: String) {
    self.name = name
    self.role = role
    self.origin = origin
  }
}

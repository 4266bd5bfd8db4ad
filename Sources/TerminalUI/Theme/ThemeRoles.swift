/// The roles that a theme may give a look to.
struct ThemeRoles {
  private let names: Set<String>

  /// - Parameter roles: those that are drawn; what they inherit from, such as `state` and `*.selected`, is known with them.
  init(_ roles: Set<String>) {
    names = roles.reduce(into: []) { names, role in names.formUnion(Theme.chain(for: role)) }
  }

  func contains(_ role: String) -> Bool { names.contains(role) }

  /// The role that was probably meant, in quotes.
  func nearest(to role: String) -> String? { Spelling.nearest(to: role, in: names).map { "'\($0)'" } }
}

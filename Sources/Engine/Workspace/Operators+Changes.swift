import Foundation
public import MailModel

extension Operators {
  /// Names of those who have at least this role.
  public func holders(of role: Role, besides user: String? = nil) -> [String] {
    roles.filter { $0.value >= role && $0.key != user }.map { "\($0.key) (\($0.value.name))" }.sorted()
  }

  /// The file's text with one person's role changed; comments and order stay.
  ///
  /// - Parameter role: `nil` takes the person out.
  static func changed(_ text: String, user: String, role: Role?) -> String {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    let places = lines.indices.filter { index in
      lines[index].prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }.first.map(String.init) == user
    }
    for place in places.reversed() {
      if let role, place == places.last {
        let comment = lines[place].firstIndex(of: "#").map { "  " + lines[place][$0...] } ?? ""
        lines[place] = "\(user) \(role.name)\(comment)"
      } else {
        lines.remove(at: place)
      }
    }
    if places.isEmpty, let role { lines.append("\(user) \(role.name)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A login name as systems take it: letters, digits, `.`, `_`, `-`, not beginning with `-`.
  static func isUserName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count) && text.utf8.first != 45
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || [45, 46, 95].contains(byte)
      }
  }

  static func isKnownToSystem(_ user: String) -> Bool { SystemDatabase.hasUser(user) }
}

import Crypto
import Foundation
import MailModel
import Storage

/// What the audit log knows about the file of roles: whoever can write the workspace's files can edit it with an editor,
/// and then it shows.
///
/// Sealed from the first change through the program on, and by sharing the workspace; before that its maker edits it.
enum RolesSeal {
  /// The field of the audit rows.
  static let field = "seal"
  private static let operations = ["operators.set", "operators.remove", "workspace.share"]

  static func of(_ text: String) -> String {
    Hexadecimal.text(SHA256.hash(data: Array(text.utf8)))
  }

  /// Empty when there is no such file.
  /// - Throws: `ConfigurationError` when it cannot be read: what stands in it then is unknown, not nothing.
  static func text(_ path: String) throws(ConfigurationError) -> String {
    try WholeFile.readIfThere(path, expected: "who has which role").map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Whether the file is another than the last seal says; `false` as long as it cannot be read.
  /// - Throws: `StoreError`.
  static func isBroken(_ path: String, _ transaction: Transaction) throws -> Bool {
    let rows = try operations.flatMap { try transaction.audit.page(AuditQuery(operation: $0, limit: 1)).rows }
    guard let last = rows.max(by: { $0.id < $1.id }), let seal = AuditDetails(last.details)[field] else { return false }
    guard let text = try? text(path) else { return false }
    return seal != of(text)
  }
}

/// What a roster itself says of who gets no mail: consent that was not given or was taken back, and a status that the
/// tools before this program kept there (operations guide §2.2: a bounce made it `inactive`).
///
/// Consent is told in many ways (a contract, a form, a date), so the words that mean *no* are listed and not those that
/// mean *yes*.
enum RosterRefusal {
  private static let consentColumns = ["consent", "marketing_opt_in"]

  private static let negations: Set<String> = ["0", "f", "false", "n", "never", "no", "none"]
  private static let notYet: Set<String> = ["", "na", "noanswer", "pending", "requested", "unconfirmed", "unknown"]
  private static let takenBack: Set<String> = [
    "declined", "denied", "expired", "objected", "optedout", "optout", "refused", "revoked", "unsubscribed",
    "withdrawn",
  ]
  private static let notInUse: Set<String> = [
    "blocked", "bounced", "closed", "complained", "deleted", "disabled", "dropped", "inactive", "invalid", "left",
    "removed", "suppressed", "suspended",
  ]
  private static let noConsent = negations.union(notYet).union(takenBack)
  private static let noStatus = takenBack.union(notInUse)

  /// - Parameter fields: of one line, by column in any case.
  /// - Returns: why this recipient gets nothing; `nil` when the roster does not say so.
  static func reason(in fields: [String: String]) -> String? {
    for (column, said) in fields.sorted(by: { $0.key < $1.key }) {
      let name = column.lowercased()
      if consentColumns.contains(name), noConsent.contains(word(said)) {
        return "no consent" + (said.isEmpty ? "" : " (\(column): \(said))")
      }
      if name == "status", noStatus.contains(word(said)) { return "not in use (\(column): \(said))" }
    }
    return nil
  }

  /// However it is written: `Opted-out`, `opt_out`, `OPT OUT`.
  private static func word(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
}

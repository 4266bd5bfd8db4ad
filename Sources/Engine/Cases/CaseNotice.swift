import MailModel
import Storage

/// What an account's holder or the team is told about a case.
enum CaseNotice: String, CaseIterable {
  case education, restriction, lifted, escalation
}

extension AccountDecision {
  /// Who would be told, one line an account.
  static func notices(
    _ kind: CaseNotice, _ accounts: [Account], _ transaction: Transaction, _ context: OperationContext
  ) throws -> [String] { [] }

  /// Hands the notice in, in the transaction of the decision.
  func tell(_ kind: CaseNotice, _ account: Account, _ told: AbuseCase, _ desk: CaseDesk) throws {
    try desk.append(.notice, to: told, "\(kind.rawValue): no channel is configured")
  }
}

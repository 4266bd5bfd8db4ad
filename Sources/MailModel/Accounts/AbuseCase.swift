/// What is being done about an account.
public enum CaseState: String, Sendable, CaseIterable, Codable {
  /// A reviewer has to look.
  case open
  /// Decided; looked at again when the watch ends.
  case watching
  /// The account is restricted.
  case restricted
  case closed
}

/// How a case began.
public enum CaseOpening: String, Sendable, CaseIterable, Codable {
  /// By the third complaint in the window.
  case flagged
  /// By the fifth complaint, which restricted the account.
  case restrictedAutomatically = "restricted automatically"
  case byHand = "by hand"
}

/// Who restricted an account.
public enum RestrictionOrigin: String, Sendable, CaseIterable, Codable {
  /// Policy, by complaints.
  case automatically
  case byHand = "by hand"
}

/// The file of one account: from the third complaint, or a person's decision, to the end of the watch.
/// An account has one at a time; the closed ones stay.
public struct AbuseCase: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var version: Int64
  public var accountID: Account.ID
  public var state: CaseState
  public var opening: CaseOpening
  public var openedBy: String
  public var openedAt: Timestamp
  public var closedAt: Timestamp?
  /// When somebody has to look again.
  public var nextReview: Timestamp?
  /// 1 to 4: operations, engineering, management, the provider (runbook: Escalation Path).
  public var level: Int
  /// When its latest restriction began.
  public var restrictedAt: Timestamp?
  /// Who did that; `nil` as long as it was never restricted.
  public var restrictedBy: RestrictionOrigin?

  /// `restricted automatically`, `watching`: its state as people read it.
  public var stateWords: String {
    guard state == .restricted, let restrictedBy else { return state.rawValue }
    return "\(state.rawValue) \(restrictedBy.rawValue)"
  }

  public init(
    id: Int64, version: Int64, accountID: Account.ID, state: CaseState, opening: CaseOpening, openedBy: String,
    openedAt: Timestamp, closedAt: Timestamp?, nextReview: Timestamp?, level: Int, restrictedAt: Timestamp?,
    restrictedBy: RestrictionOrigin? = nil
  ) {
    self.id = id
    self.version = version
    self.accountID = accountID
    self.state = state
    self.opening = opening
    self.openedBy = openedBy
    self.openedAt = openedAt
    self.closedAt = closedAt
    self.nextReview = nextReview
    self.level = level
    self.restrictedAt = restrictedAt
    self.restrictedBy = restrictedBy
  }
}

/// One entry of a case's timeline. Entries are only ever added.
public struct CaseEvent: Sendable, Equatable, Identifiable {
  public enum Kind: String, Sendable, CaseIterable, Codable {
    case opened, decision, note, notice, step
    case followUp = "follow-up"
    case escalation
  }

  public var id: Int64
  public var caseID: Int64
  public var at: Timestamp
  public var kind: Kind
  public var actor: String
  public var text: String

  public init(id: Int64, caseID: Int64, at: Timestamp, kind: Kind, actor: String, text: String) {
    self.id = id
    self.caseID = caseID
    self.at = at
    self.kind = kind
    self.actor = actor
    self.text = text
  }
}

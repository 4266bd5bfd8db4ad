public import MailModel

/// What is to be said to whom; how it travels is the configuration's affair.
public struct NoticeOrder: Sendable, Equatable {
  /// The template in `data/templates/notices/`, such as `restriction`.
  public var kind: String
  /// The account it is about, and whose holder it goes to by e-mail unless `team` says otherwise.
  public var account: Account?
  public var caseID: Int64?
  /// What the template may use besides `account`, `case`, `date`.
  public var values: [String: String]
  /// Addresses of our own people, for what is not the holder's business.
  public var team: [String]?

  /// That of `notice.test`.
  static let testKind = "test"

  public init(
    kind: String, account: Account?, caseID: Int64? = nil, values: [String: String] = [:], team: [String]? = nil
  ) {
    self.kind = kind
    self.team = team
    self.account = account
    self.caseID = caseID
    self.values = values
  }
}

/// How notices leave, from the configuration.
public struct NoticeSettings: Sendable, Equatable {
  /// From of e-mail notices, and the account they are sent for; empty for no e-mail notices.
  public var from: String
  /// Empty for no web hook. A secret: chat gateways put a token into it.
  public var webHookURL: Secret
  /// Signs what is posted; empty for no signature.
  public var webHookSecret: Secret

  public init(from: String = "", webHookURL: Secret = Secret(""), webHookSecret: Secret = Secret("")) {
    self.from = from
    self.webHookURL = webHookURL
    self.webHookSecret = webHookSecret
  }
}

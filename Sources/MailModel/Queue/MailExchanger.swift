/// A host that receives mail for a domain, as an MX record names it.
public struct MailExchanger: Sendable, Hashable {
  /// Smaller is tried first (RFC 5321 §5.1).
  public var preference: Int
  /// In lower case, ASCII, without a dot at the end.
  public var host: String

  public init(preference: Int, host: String) {
    self.preference = preference
    self.host = host
  }
}

/// What DNS says about who receives mail for a domain.
public enum ExchangerAnswer: Sendable, Equatable {
  /// The exchangers, the most preferred first.
  case exchangers([MailExchanger])
  /// No MX record: the domain's own host receives (RFC 5321 §5.1).
  case implicit
  /// The domain says that it takes no mail (RFC 7505).
  case null
  /// There is no such domain.
  case noDomain
  /// It could not be found out.
  case failed(reason: String)
}

/// An answer and how long it holds.
public struct ExchangerFinding: Sendable, Equatable {
  public var answer: ExchangerAnswer
  public var lifetime: Span

  public init(answer: ExchangerAnswer, lifetime: Span) {
    self.answer = answer
    self.lifetime = lifetime
  }
}

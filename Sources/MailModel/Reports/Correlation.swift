/// How surely a report belongs to a message of ours, strongest first.
public enum Correlation: String, Sendable, CaseIterable, Codable {
  /// A signed VERP token of ours, in an address.
  case token
  /// The signed token that we sent as ENVID (RFC 3461 §4.4), in Original-Envelope-Id.
  case envelopeID
  /// The signed token of our own header field, in the returned headers.
  case header
  /// A Message-ID that we sent, in the returned headers.
  case messageID
  /// A person said so in *Unmatched*.
  case person
  /// Only the recipient and the time fit: may not restrict anyone.
  case recipient
  case none

  /// Whether consequences for people may follow; a forged report must not be able to restrict anyone.
  public var isProof: Bool {
    switch self {
    case .token, .envelopeID, .header, .messageID, .person: true
    case .recipient, .none: false
    }
  }

  /// What it rests on, for people.
  public var words: String {
    switch self {
    case .token: "signed VERP token of ours"
    case .envelopeID: "signed envelope id of ours"
    case .header: "signed header field of ours"
    case .messageID: "Message-ID that we sent"
    case .person: "a person's word"
    case .recipient: "recipient and time only: no proof"
    case .none: "nothing: unmatched"
    }
  }
}

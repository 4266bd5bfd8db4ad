/// The condition a server reports, tagged or not (RFC 3501 §7.1).
public struct IMAPStatus: Sendable, Equatable {
  public enum Condition: String, Sendable, CaseIterable {
    case ok = "OK"
    case no = "NO"
    case bad = "BAD"
    case bye = "BYE"
    case preauth = "PREAUTH"

    /// - Parameter bytes: what begins with the word.
    init?(reading bytes: ArraySlice<UInt8>) {
      // Most untagged responses begin with a number.
      guard let first = bytes.first, first > 0x39 else { return nil }
      self.init(rawValue: String(decoding: bytes.prefix(8).prefix { $0 != 0x20 }, as: UTF8.self).uppercased())
    }
  }

  public var condition: Condition
  /// What stands in brackets, such as `UIDVALIDITY 3`; `nil` when nothing does.
  public var code: String?
  public var text: String

  public init(_ condition: Condition, code: String? = nil, text: String) {
    self.condition = condition
    self.code = code
    self.text = text
  }

  /// The number after `name` in the response code, such as 3 for `UIDVALIDITY`.
  public func number(_ name: String) -> UInt32? {
    guard let words = code?.split(separator: " "), words.count == 2, words[0].uppercased() == name else { return nil }
    return UInt32(words[1])
  }
}

/// The parts of a FETCH response that this program asks for; what was not sent is `nil`.
public struct IMAPFetch: Sendable, Equatable {
  public var sequence: UInt32
  public var uid: UInt32?
  /// The body section; `nil` also when the server says NIL.
  public var body: [UInt8]?
  /// The server says NIL: the mail was expunged meanwhile, or cannot be read.
  public var isWithheld: Bool

  public init(sequence: UInt32, uid: UInt32? = nil, body: [UInt8]? = nil, isWithheld: Bool = false) {
    self.sequence = sequence
    self.uid = uid
    self.body = body
    self.isWithheld = isWithheld
  }
}

/// One response of an IMAP server (RFC 3501 §7).
public enum IMAPResponse: Sendable, Equatable {
  /// `+`: the server waits for the rest of a command.
  case continuation(String)
  case tagged(String, IMAPStatus)
  case untagged(IMAPStatus)
  case fetch(IMAPFetch)
  /// `* 23 EXISTS`, `* 4 EXPUNGE` …, with the name in upper case.
  case number(UInt32, String)
  case capability(IMAPCapabilities)
  /// The numbers of `* SEARCH 2 84 882` (RFC 3501 §7.2.5).
  case search([UInt32])
  /// Any other untagged response, by its name in upper case.
  case other(String)
}

/// What a server sent that is not IMAP, or is more of it than anybody needs.
public enum IMAPResponseError: Error, Sendable, Equatable, CustomStringConvertible {
  case malformed(String)
  case lineTooLong
  case literalTooLong(Int)
  case tooManyLiterals
  case tooDeep

  public var description: String {
    switch self {
    case .malformed(let why): "not an IMAP response: \(why)"
    case .lineTooLong: "a response line longer than allowed"
    case .literalTooLong(let size): "a literal of \(size) bytes, more than was asked for"
    case .tooManyLiterals: "too many literals in one response"
    case .tooDeep: "parentheses nested too deeply"
    }
  }
}

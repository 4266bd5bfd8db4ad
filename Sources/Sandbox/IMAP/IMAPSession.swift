internal import Foundation
internal import MailModel

/// What an IMAP dialogue wants done, in order.
enum IMAPAction: Equatable {
  case write([UInt8])
  case flood([UInt8])
  case note(String)
  case close

  static func line(_ text: String) -> IMAPAction { .write(Array((text + "\r\n").utf8)) }
}

/// One IMAP4rev1 dialogue (RFC 3501): bytes in, actions out, no I/O.
struct IMAPSession {
  enum Phase: Equatable {
    case command
    case sasl(tag: String)
    case idle(tag: String)
    /// Whatever comes is dropped.
    case deaf
  }

  struct Selected {
    var name: String
    var isReadOnly: Bool
    var uidValidity: UInt32
    /// The UIDs this client knows, by sequence number.
    var view: [UInt32]
  }

  static let capabilities = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN IDLE UIDPLUS UNSELECT ESEARCH"

  let desk: RelayDesk
  let store: MailboxStore
  var phase = Phase.command
  var user: String?
  var selected: Selected?
  private var reader: IMAPCommandReader
  private var strikes = 0

  init(desk: RelayDesk, store: MailboxStore) {
    self.desk = desk
    self.store = store
    reader = IMAPCommandReader(literalLimit: desk.settings.maxMessageSize)
  }

  var mischief: MailboxMischief { desk.settings.mailboxMischief }

  mutating func greet() -> [IMAPAction] {
    switch mischief.greeting {
    case .normal: return [.line("* OK [CAPABILITY \(Self.capabilities)] sandbox ready")]
    case .preauth:
      user = desk.settings.imapLogins.first?.user ?? SandboxLogin.reports.user
      return [.line("* PREAUTH [CAPABILITY \(Self.capabilities)] welcome back")]
    case .bye: return end([.line("* BYE overloaded"), .close])
    case .garbage: return end([.write(Gibberish.bytes)])
    case .silent: return end([])
    }
  }

  mutating func receive(_ bytes: [UInt8]) -> [IMAPAction] {
    var rest = bytes[...]
    var actions: [IMAPAction] = []
    while phase != .deaf, let event = reader.next(from: &rest) {
      switch event {
      case .command(let command): actions += answer(command)
      case .wantsLiteral: actions.append(.line("+ go on"))
      case .tooLong: actions += end([.line("* BYE command too long"), .close])
      }
    }
    return actions
  }

  mutating func end(_ actions: [IMAPAction]) -> [IMAPAction] {
    phase = .deaf
    return actions
  }

  private mutating func answer(_ command: [UInt8]) -> [IMAPAction] {
    switch phase {
    case .sasl(let tag):
      phase = .command
      return finishPlain(tag, command[...])
    case .idle(let tag):
      phase = .command
      return announce() + [.line("\(tag) OK IDLE ended")]
    case .command, .deaf: break
    }
    var scanner = IMAPScanner(command)
    guard let tag = scanner.word(), !tag.contains("+"), scanner.space(), let verb = scanner.word()?.uppercased() else {
      strikes += 1
      return strikes > 20 ? end([.line("* BYE too many errors"), .close]) : [.line("* BAD no command")]
    }
    let shown = verb == "LOGIN" || verb == "AUTHENTICATE" ? verb : String(decoding: command.prefix(300), as: UTF8.self)
    return [.note("< \(shown)")] + perform(tag, verb, &scanner)
  }

  private mutating func perform(_ tag: String, _ verb: String, _ scanner: inout IMAPScanner) -> [IMAPAction] {
    switch verb {
    case "CAPABILITY":
      return [.line("* CAPABILITY \(Self.capabilities)"), .line("\(tag) OK CAPABILITY completed")]
    case "NOOP", "CHECK": return announce() + [.line("\(tag) OK \(verb) completed")]
    case "LOGOUT": return end([.line("* BYE logging out"), .line("\(tag) OK LOGOUT completed"), .close])
    case "LOGIN", "AUTHENTICATE":
      guard user == nil else { return [.line("\(tag) BAD already logged in")] }
      return verb == "LOGIN" ? login(tag, &scanner) : authenticate(tag, &scanner)
    default: break
    }
    guard let user else { return [.line("\(tag) BAD log in first")] }
    switch verb {
    case "SELECT", "EXAMINE": return select(tag, user, &scanner, isReadOnly: verb == "EXAMINE")
    case "STATUS": return status(tag, user, &scanner)
    case "LIST", "LSUB": return list(tag, user, verb)
    case "CREATE": return create(tag, user, &scanner)
    case "APPEND": return append(tag, user, &scanner)
    default: break
    }
    guard let selected else { return [.line("\(tag) BAD unknown command, or no mailbox selected")] }
    return performSelected(tag, verb, user, selected, &scanner)
  }

  private mutating func performSelected(
    _ tag: String, _ verb: String, _ user: String, _ selected: Selected, _ scanner: inout IMAPScanner
  ) -> [IMAPAction] {
    switch verb {
    case "FETCH": return fetch(tag, user, selected, &scanner, byUID: false)
    case "STORE": return self.store(tag, user, selected, &scanner, byUID: false)
    case "SEARCH": return search(tag, user, selected, &scanner, byUID: false)
    case "EXPUNGE": return expunge(tag, user, selected, uids: nil)
    case "CLOSE", "UNSELECT":
      if verb == "CLOSE", !selected.isReadOnly { store.change(user, selected.name) { $0.expunge() } }
      self.selected = nil
      return [.line("\(tag) OK \(verb) completed")]
    case "IDLE":
      phase = .idle(tag: tag)
      return [.line("+ idling")] + announce()
    case "UID":
      guard scanner.space(), let verb = scanner.word()?.uppercased() else { return [.line("\(tag) BAD UID what?")] }
      return performByUID(tag, verb, user, selected, &scanner)
    default: return [.line("\(tag) BAD unknown command")]
    }
  }

  private mutating func performByUID(
    _ tag: String, _ verb: String, _ user: String, _ selected: Selected, _ scanner: inout IMAPScanner
  ) -> [IMAPAction] {
    switch verb {
    case "FETCH": return fetch(tag, user, selected, &scanner, byUID: true)
    case "STORE": return self.store(tag, user, selected, &scanner, byUID: true)
    case "SEARCH": return search(tag, user, selected, &scanner, byUID: true)
    case "EXPUNGE":
      guard scanner.space(), let uids = scanner.word().flatMap({ IMAPNumberSet($0) }) else {
        return [.line("\(tag) BAD bad set")]
      }
      return expunge(tag, user, selected, uids: uids)
    default: return [.line("\(tag) BAD unknown command")]
    }
  }
}

/// Logging in.
extension IMAPSession {
  private mutating func login(_ tag: String, _ scanner: inout IMAPScanner) -> [IMAPAction] {
    guard scanner.space(), let user = scanner.text(), scanner.space(), let password = scanner.text() else {
      return [.line("\(tag) BAD LOGIN user password")]
    }
    return check(tag, SandboxLogin(user: user, password: password))
  }

  private mutating func authenticate(_ tag: String, _ scanner: inout IMAPScanner) -> [IMAPAction] {
    guard scanner.space(), scanner.word()?.uppercased() == "PLAIN" else {
      return [.line("\(tag) NO mechanism not supported")]
    }
    if scanner.space(), let initial = scanner.word() { return finishPlain(tag, Array(initial.utf8)[...]) }
    phase = .sasl(tag: tag)
    return [.line("+ ")]
  }

  private mutating func finishPlain(_ tag: String, _ base64: ArraySlice<UInt8>) -> [IMAPAction] {
    guard let message = Data(base64Encoded: Data(base64)), let login = SandboxLogin(saslPlain: message) else {
      return [.line("\(tag) BAD not SASL PLAIN")]
    }
    return check(tag, login)
  }

  private mutating func check(_ tag: String, _ login: SandboxLogin) -> [IMAPAction] {
    guard !mischief.refusesLogin, desk.settings.imapLogins.contains(login) else {
      return [.line("\(tag) NO [AUTHENTICATIONFAILED] Invalid credentials")]
    }
    user = login.user
    return [.line("\(tag) OK [CAPABILITY \(Self.capabilities)] logged in")]
  }
}

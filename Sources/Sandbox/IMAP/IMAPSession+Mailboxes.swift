internal import MailModel

/// SELECT, STATUS, LIST, CREATE, APPEND and what changed meanwhile.
extension IMAPSession {
  mutating func select(
    _ tag: String, _ user: String, _ scanner: inout IMAPScanner, isReadOnly: Bool
  ) -> [IMAPAction] {
    selected = nil
    guard scanner.space(), let name = scanner.text() else { return [.line("\(tag) BAD which mailbox?")] }
    guard let mailbox = store.change(user, name, { $0 }) else {
      return [.line("\(tag) NO [NONEXISTENT] no such mailbox")]
    }
    let view = mailbox.mails.map(\.uid)
    selected = Selected(name: name, isReadOnly: isReadOnly, uidValidity: mailbox.uidValidity, view: view)
    if mischief.endlessAfterSelect {
      desk.change { $0.mailboxMischief.endlessAfterSelect = false }
      return end([.flood(Array("* OK still counting\r\n".utf8))])
    }
    var lines = [
      "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
      "* OK [PERMANENTFLAGS (\(isReadOnly ? "" : "\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*"))] flags",
      "* \(view.count) EXISTS", "* 0 RECENT", "* OK [UIDVALIDITY \(mailbox.uidValidity)] UIDs valid",
      "* OK [UIDNEXT \(mailbox.uidNext)] next UID",
    ]
    if let unseen = mailbox.mails.firstIndex(where: { !$0.flags.contains("\\Seen") }) {
      lines.append("* OK [UNSEEN \(unseen + 1)] first unseen")
    }
    let verb = isReadOnly ? "[READ-ONLY] EXAMINE" : "[READ-WRITE] SELECT"
    return (lines + ["\(tag) OK \(verb) completed"]).map { .line($0) }
  }

  func status(_ tag: String, _ user: String, _ scanner: inout IMAPScanner) -> [IMAPAction] {
    guard scanner.space(), let name = scanner.text(), scanner.space(), let items = scanner.list() else {
      return [.line("\(tag) BAD STATUS mailbox (items)")]
    }
    guard let mailbox = store.change(user, name, { $0 }) else {
      return [.line("\(tag) NO [NONEXISTENT] no such mailbox")]
    }
    let values = items.compactMap { item -> String? in
      switch item.uppercased() {
      case "MESSAGES": "MESSAGES \(mailbox.mails.count)"
      case "RECENT": "RECENT 0"
      case "UIDNEXT": "UIDNEXT \(mailbox.uidNext)"
      case "UIDVALIDITY": "UIDVALIDITY \(mailbox.uidValidity)"
      case "UNSEEN": "UNSEEN \(mailbox.mails.count { !$0.flags.contains("\\Seen") })"
      default: nil
      }
    }
    guard values.count == items.count else { return [.line("\(tag) BAD unknown STATUS item")] }
    return [
      .line("* STATUS \(Self.quoted(name)) (\(values.joined(separator: " ")))"), .line("\(tag) OK STATUS completed"),
    ]
  }

  func list(_ tag: String, _ user: String, _ verb: String) -> [IMAPAction] {
    store.names(user).map { .line("* \(verb) () \"/\" \(Self.quoted($0))") } + [.line("\(tag) OK \(verb) completed")]
  }

  func create(_ tag: String, _ user: String, _ scanner: inout IMAPScanner) -> [IMAPAction] {
    guard scanner.space(), let name = scanner.text(), (1...200).contains(name.utf8.count) else {
      return [.line("\(tag) BAD which mailbox?")]
    }
    return [.line(store.create(user, name) ? "\(tag) OK CREATE completed" : "\(tag) NO cannot create")]
  }

  mutating func append(_ tag: String, _ user: String, _ scanner: inout IMAPScanner) -> [IMAPAction] {
    guard scanner.space(), let name = scanner.text(), scanner.space() else {
      return [.line("\(tag) BAD which mailbox?")]
    }
    let flags = scanner.list() ?? []
    _ = scanner.space()
    var content = scanner.string()
    // A date may stand before the message.
    if scanner.space() { content = scanner.string() }
    guard let content, scanner.isAtEnd else { return [.line("\(tag) BAD no message")] }
    let stored = Set(flags.map(Self.canonicalFlag))
    guard let uid = store.append(content, user: user, mailbox: name, flags: stored),
      let validity = store.change(user, name, { $0.uidValidity })
    else { return [.line("\(tag) NO [TRYCREATE] no such mailbox")] }
    return announce() + [.line("\(tag) OK [APPENDUID \(validity) \(uid)] APPEND completed")]
  }

  mutating func expunge(_ tag: String, _ user: String, _ selected: Selected, uids: IMAPNumberSet?) -> [IMAPAction] {
    guard !selected.isReadOnly else { return [.line("\(tag) NO mailbox is read-only")] }
    store.change(user, selected.name) { $0.expunge(uids: uids) }
    return announce() + [.line("\(tag) OK EXPUNGE completed")]
  }

  /// Tells the client what came and went since it last heard; `BYE` when the mailbox was rebuilt.
  mutating func announce() -> [IMAPAction] {
    guard let user, var selected, let mailbox = store.change(user, selected.name, { $0 }) else { return [] }
    guard mailbox.uidValidity == selected.uidValidity else { return end([.line("* BYE mailbox was rebuilt"), .close]) }
    var actions: [IMAPAction] = []
    for index in selected.view.indices.reversed() where mailbox.index(of: selected.view[index]) == nil {
      actions.append(.line("* \(index + 1) EXPUNGE"))
      selected.view.remove(at: index)
    }
    let last = selected.view.last ?? 0
    let new = mailbox.mails.map(\.uid).filter { $0 > last }
    if !new.isEmpty {
      selected.view += new
      actions.append(.line("* \(selected.view.count) EXISTS"))
    }
    self.selected = selected
    return actions
  }

  /// While the client idles: what came and went (RFC 2177).
  mutating func mailArrived() -> [IMAPAction] {
    guard case .idle = phase else { return [] }
    return announce()
  }

  static func quoted(_ text: String) -> String {
    let escaped = text.singleLine.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }
    return "\"\(escaped.joined())\""
  }

  /// System flags in their usual spelling.
  static func canonicalFlag(_ flag: String) -> String {
    let system = ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"]
    return system.first { $0.lowercased() == flag.lowercased() } ?? flag
  }
}

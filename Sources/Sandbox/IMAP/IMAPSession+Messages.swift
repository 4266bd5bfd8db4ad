internal import MailModel

/// FETCH, STORE and SEARCH.
extension IMAPSession {
  mutating func fetch(
    _ tag: String, _ user: String, _ selected: Selected, _ scanner: inout IMAPScanner, byUID: Bool
  ) -> [IMAPAction] {
    guard scanner.space(), let set = scanner.word().flatMap({ IMAPNumberSet($0) }), scanner.space(),
      var items = Self.fetchItems(&scanner), scanner.isAtEnd
    else { return [.line("\(tag) BAD FETCH set items")] }
    if byUID, !items.contains(.uid) { items.insert(.uid, at: 0) }
    if let raw = mischief.rawFetchResponse {
      desk.change { $0.mailboxMischief.rawFetchResponse = nil }
      return [.write(raw), .line("\(tag) OK FETCH completed")]
    }
    let setsSeen = !selected.isReadOnly && items.contains(where: \.setsSeen)
    var response: [UInt8] = []
    for (number, mail) in targets(of: set, user, selected, byUID: byUID) {
      var mail = mail
      if setsSeen, mail.flags.insert("\\Seen").inserted {
        changeFlags(user, selected.name, mail.uid) { $0.insert("\\Seen") }
        if !items.contains(.flags) { items.append(.flags) }
      }
      response += Array("* \(number) FETCH (".utf8)
      for (index, item) in items.enumerated() {
        if index > 0 { response.append(0x20) }
        if let trouble = literalTrouble(item, mail, after: response) { return trouble }
        response += item.response(for: mail)
      }
      response += Array(")\r\n".utf8)
    }
    let arrived = byUID ? announce() : []
    return [.write(response)] + arrived + [.line("\(tag) OK FETCH completed")]
  }

  /// One item, or a flat list in parentheses.
  private static func fetchItems(_ scanner: inout IMAPScanner) -> [FetchItem]? {
    guard scanner.take("(") else { return scanner.word().flatMap { FetchItem.items($0) } }
    var items: [FetchItem] = []
    repeat {
      guard let word = scanner.word(), let more = FetchItem.items(word), items.count < 100 else { return nil }
      items += more
    } while scanner.space()
    return scanner.take(")") && !items.isEmpty ? items : nil
  }

  /// The literal mischief of the settings, when it is due at this item.
  private mutating func literalTrouble(
    _ item: FetchItem, _ mail: StoredMail, after sent: [UInt8]
  ) -> [IMAPAction]? {
    guard case .section(let section, let label, _, _) = item else { return nil }
    let content = section.bytes(of: mail.bytes)
    if let announced = mischief.announcedLiteralSize {
      desk.change { $0.mailboxMischief.announcedLiteralSize = nil }
      return end([.write(sent + Array("\(label) {\(announced)}\r\n".utf8) + content.prefix(100))])
    }
    if let count = mischief.disconnectInLiteralAfter {
      desk.change { $0.mailboxMischief.disconnectInLiteralAfter = nil }
      let part = content.prefix(max(0, min(count, content.count - 1)))
      return end([.write(sent + Array("\(label) {\(content.count)}\r\n".utf8) + part), .close])
    }
    return nil
  }

  func store(
    _ tag: String, _ user: String, _ selected: Selected, _ scanner: inout IMAPScanner, byUID: Bool
  ) -> [IMAPAction] {
    guard scanner.space(), let set = scanner.word().flatMap({ IMAPNumberSet($0) }), scanner.space(),
      let verb = scanner.word()?.uppercased(), scanner.space(),
      let words = scanner.list() ?? scanner.word().map({ [$0] }), words.count <= 100
    else { return [.line("\(tag) BAD STORE set FLAGS (flags)")] }
    guard !selected.isReadOnly else { return [.line("\(tag) NO mailbox is read-only")] }
    let isSilent = verb.hasSuffix(".SILENT")
    let kind = isSilent ? String(verb.dropLast(7)) : verb
    guard ["FLAGS", "+FLAGS", "-FLAGS"].contains(kind) else { return [.line("\(tag) BAD unknown STORE item")] }
    let flags = Set(words.map(Self.canonicalFlag))
    var lines: [IMAPAction] = []
    for (number, mail) in targets(of: set, user, selected, byUID: byUID) {
      let stored = changeFlags(user, selected.name, mail.uid) { current in
        switch kind {
        case "+FLAGS": current.formUnion(flags)
        case "-FLAGS": current.subtract(flags)
        default: current = flags
        }
      }
      let uid = byUID ? "UID \(mail.uid) " : ""
      if !isSilent, let stored { lines.append(.line("* \(number) FETCH (\(uid)FLAGS \(stored.asIMAPList))")) }
    }
    return lines + [.line("\(tag) OK STORE completed")]
  }

  mutating func search(
    _ tag: String, _ user: String, _ selected: Selected, _ scanner: inout IMAPScanner, byUID: Bool
  ) -> [IMAPAction] {
    guard scanner.space(), let options = Self.searchOptions(&scanner), let key = SearchKey.parse(&scanner) else {
      return [.line("\(tag) BAD SEARCH criteria")]
    }
    let largest = (number: UInt32(clamping: selected.view.count), uid: selected.view.last ?? 0)
    let found = targets(of: nil, user, selected, byUID: byUID)
      .filter { key.matches($0.mail, number: $0.number, largest: largest) }
      .map { byUID ? $0.mail.uid : $0.number }
    let arrived = byUID ? announce() : []
    guard let options else {
      let list = found.map { " \($0)" }.joined()
      return [.line("* SEARCH\(list)")] + arrived + [.line("\(tag) OK SEARCH completed")]
    }
    var line = "* ESEARCH (TAG \"\(tag)\")\(byUID ? " UID" : "")"
    if options.contains("MIN"), let first = found.first { line += " MIN \(first)" }
    if options.contains("MAX"), let last = found.last { line += " MAX \(last)" }
    if options.contains("COUNT") { line += " COUNT \(found.count)" }
    if options.contains("ALL"), !found.isEmpty { line += " ALL \(found.asIMAPSet)" }
    return [.line(line)] + arrived + [.line("\(tag) OK SEARCH completed")]
  }

  /// `RETURN (…)` of ESEARCH (RFC 4731) and CHARSET. Outer `nil`: malformed; inner `nil`: a plain SEARCH.
  private static func searchOptions(_ scanner: inout IMAPScanner) -> Set<String>?? {
    var options: Set<String>?
    var ahead = scanner
    if ahead.word()?.uppercased() == "RETURN" {
      guard ahead.space(), let words = ahead.list(), ahead.space() else { return nil }
      options = words.isEmpty ? ["ALL"] : Set(words.map { $0.uppercased() })
      scanner = ahead
    }
    ahead = scanner
    if ahead.word()?.uppercased() == "CHARSET" {
      guard ahead.space(), ahead.word() != nil, ahead.space() else { return nil }
      scanner = ahead
    }
    return .some(options)
  }

  /// The mails this client knows that lie in `set` (`nil`: all), by sequence number.
  private func targets(
    of set: IMAPNumberSet?, _ user: String, _ selected: Selected, byUID: Bool
  ) -> [(number: UInt32, mail: StoredMail)] {
    let largest = byUID ? selected.view.last ?? 0 : UInt32(clamping: selected.view.count)
    return store.change(user, selected.name) { mailbox in
      guard mailbox.uidValidity == selected.uidValidity else { return [] }
      return selected.view.enumerated().compactMap { index, uid in
        let number = UInt32(clamping: index + 1)
        guard set?.contains(byUID ? uid : number, largest: largest) ?? true, let place = mailbox.index(of: uid) else {
          return nil
        }
        return (number, mailbox.mails[place])
      }
    } ?? []
  }

  @discardableResult
  private func changeFlags(
    _ user: String, _ name: String, _ uid: UInt32, _ body: (inout Set<String>) -> Void
  ) -> Set<String>? {
    store.change(user, name) { mailbox in
      guard let place = mailbox.index(of: uid) else { return nil }
      body(&mailbox.mails[place].flags)
      return mailbox.mails[place].flags
    } ?? nil
  }
}

extension FetchItem {
  var setsSeen: Bool {
    if case .section(_, _, let isPeek, _) = self { !isPeek } else { false }
  }

  func response(for mail: StoredMail) -> [UInt8] {
    switch self {
    case .uid: return Array("UID \(mail.uid)".utf8)
    case .flags: return Array("FLAGS \(mail.flags.asIMAPList)".utf8)
    case .size: return Array("RFC822.SIZE \(mail.bytes.count)".utf8)
    case .internalDate: return Array("INTERNALDATE \"\(mail.internalDate)\"".utf8)
    case .section(let section, let label, _, let partial):
      var content = section.bytes(of: mail.bytes)
      if let partial { content = Array(content.dropFirst(partial.start).prefix(partial.length)) }
      return Array("\(label) {\(content.count)}\r\n".utf8) + content
    }
  }
}

extension Set<String> {
  var asIMAPList: String { "(\(sorted().joined(separator: " ")))" }
}

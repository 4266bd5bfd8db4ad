/// What the header of a mail says about who wrote it: a mailer, an office such as postmaster, or a person.
struct NoticeSender {
  /// Sent with the null envelope sender, as every notice must be (RFC 5321 §4.5.5).
  let isNull: Bool
  /// Has a name that nobody but a mailer has.
  let isDaemon: Bool
  /// Has a name that most mailers have, and hardly anybody else.
  let isMailer: Bool
  /// Has the name of an office that mailers use, and people and newsletters too.
  let isOfficer: Bool
  /// Has the name of an office that writes of much else than mail.
  let isClerk: Bool
  /// Has a name that says nobody reads what is written to it.
  let isUnattended: Bool
  /// Answers or forwards something, or went over a list.
  let isConversation: Bool
  /// Its subject says that it answers or forwards.
  let isAnswer: Bool
  /// Answers a message.
  let isThreaded: Bool

  var isMachine: Bool { isNull || isDaemon || isMailer || isOfficer }

  /// Has a name that mailers have.
  var isNamed: Bool { isDaemon || isMailer || isOfficer }

  /// Nothing but the name of such an office speaks for a mailer.
  var isOnlyClerk: Bool { isClerk && isOnlyOfficer }

  /// Nothing but an office's name speaks for a mailer.
  var isOnlyOfficer: Bool { isOfficer && !isNull && !isDaemon && !isMailer }

  private static let daemons: [[UInt8]] = [
    "mailer-daemon", "mailerdaemon", "mail-daemon", "mailer_daemon", "mailer daemon", "double-bounce",
    "mail delivery sub", "mail delivery sys", "mail deliver sys", "delivery subsystem",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
  ].map { Array($0.utf8) }

  private static let mailers: [[UInt8]] = [
    "mail delivery", "maildelivery", "mmdf", "mdaemon", "mail system", "mail_system", "mailsystem", "interscan",
    "mailmarshal", "mail server at", "viruswall", "smtp_mail_service",
  ].map { Array($0.utf8) }

  private static let officers: [[UInt8]] = [
    "postmaster", "post_master", "mail gateway", "mail server", "mimesweeper", "mail security", "mail transfer",
    "mail transport", "mail router", "mail robot",
  ].map { Array($0.utf8) }

  /// Offices that write of much else than mail.
  private static let clerks: [[UInt8]] = ["administrator", "bounce"].map { Array($0.utf8) }

  private static let unattended = ["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply"].map {
    Array($0.utf8)
  }

  /// In front of the subject of what is answered or forwarded, as mail programs write it around the world.
  private static let answers = [
    "re:", "aw:", "sv:", "vs:", "antw:", "fw:", "fwd:", "wg:", "tr:", "rv:", "[fwd:", "re :", "tr :", "res:", "enc:",
    "rif:", "r:", "i:", "doorst:", "odp:", "pd:", "vb:", "vl:", "vá:", "továbbítás:", "ynt:", "ilt:", "yan:", "trs:",
    "atb:", "hа:", "на:", "ответ:", "пересл:", "отв:", "απ:", "σχετ:", "πρθ:", "转发:", "转发：", "轉寄:", "轉寄：", "回复:",
    "回复：", "答复:", "答复：", "回覆:", "回覆：", "転送:", "返信:", "회신:", "전달:", "fs:", "bls:", "trả lời:",
  ]

  /// - Parameters:
  ///   - from: the From field, decoded.
  ///   - subject: decoded.
  init(header: HeaderBlock, from: String, subject: String) {
    let name = FoldedText(Array(from.utf8))
    let title = subject.drop { $0.isWhitespace }.prefix(12).lowercased()
    isNull = header.hasNullSender
    let address = FoldedText(Array(Self.address(from).utf8))
    isDaemon = address.containsAny(Self.daemons)
    isUnattended = address.containsAny(Self.unattended)
    isMailer = name.containsAny(Self.mailers) || name.containsAny(Self.daemons)
    isClerk = !name.containsAny(Self.officers) && name.containsAny(Self.clerks)
    isOfficer = isClerk || name.containsAny(Self.officers)
    isAnswer = Self.answers.contains(where: title.hasPrefix) || Self.isTicket(subject)
    isThreaded = header.first("in-reply-to") != nil
    let threads: [StaticString] = ["list-id", "list-unsubscribe"]
    isConversation = isAnswer || isThreaded || threads.contains { header.first($0) != nil }
  }

  /// Of `Name <address>` the address: anybody may call themselves what they like.
  private static func address(_ from: String) -> Substring {
    guard let open = from.lastIndex(of: "<"), let close = from[open...].firstIndex(of: ">"),
      from[open..<close].utf8.count > 1
    else { return from[...] }
    return from[open..<close]
  }

  /// Whether a subject begins with the number of a ticket, as in `[Ticket#123]` and `[our.example #123]`: it is about
  /// what somebody wrote.
  private static func isTicket(_ subject: String) -> Bool {
    let mark = subject.utf8.prefix(maximumMarkLength)
    guard mark.first == 0x5B, let close = mark.firstIndex(of: 0x5D),
      let hash = mark[..<close].firstIndex(of: 0x23)
    else { return false }
    return mark[mark.index(after: hash)..<close].contains { Octet.isDigit($0) }
  }

  private static let maximumMarkLength = 80
}

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
  /// Its subject says that it forwards.
  let isForward: Bool
  /// Its subject has the number of a ticket.
  let isTicket: Bool
  /// Answers a message.
  let isThreaded: Bool

  var isMachine: Bool { isNull || isDaemon || isMailer || isOfficer }

  /// Has a name that mailers have.
  var isNamed: Bool { isDaemon || isMailer || isOfficer }

  /// Nothing but the name of such an office speaks for a mailer.
  var isOnlyClerk: Bool { isClerk && isOnlyOfficer }

  /// Nothing but an office's name speaks for a mailer.
  var isOnlyOfficer: Bool { isOfficer && !isNull && !isDaemon && !isMailer }

  /// - Parameters:
  ///   - from: the From field, decoded.
  ///   - subject: decoded.
  init(header: HeaderBlock, from: String, subject: String, words: KindWords) {
    let name = FoldedText(Array(from.utf8))
    isNull = header.hasNullSender
    let address = FoldedText(Array(Self.address(from).utf8))
    isDaemon = address.containsAny(words[.daemonNames])
    isUnattended = address.containsAny(words[.unattendedNames])
    isMailer = name.containsAny(words[.mailerNames]) || name.containsAny(words[.daemonNames])
    let isOffice = name.containsAny(words[.officeNames])
    isClerk = !isOffice && name.containsAny(words[.clerkNames])
    isOfficer = isClerk || isOffice
    let title = FoldedText(Array(subject.utf8.prefix(Self.maximumMarkLength)))
    isForward = title.opening(of: words[.forwardPrefixes]) != nil
    // Whoever keeps tickets writes their keys, too; a mailer may have such a mark before its own subject.
    isTicket = TicketMark.isOn(subject, keys: !isNull && !isDaemon, names: words[.ticketNames])
    isAnswer = isForward || isTicket || title.opening(of: words[.answerPrefixes]) != nil
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

  private static let maximumMarkLength = 80
}

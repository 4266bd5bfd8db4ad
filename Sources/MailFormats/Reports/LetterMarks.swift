/// What people write and mailers do not: how a letter begins, ends and asks.
enum LetterMarks {
  /// Bytes at the front, and at the end, that are looked at.
  private static let maximumLength = 1_200

  private static let greetings = Phrases.list(
    """
    hi, | hi all | hi there | hi team | hello, | hello all | hello team | hello everyone | dear | hey | good morning \
    | good afternoon | hallo | guten tag | liebe | sehr geehrte | bonjour | hola | buenos | ciao | buongiorno | olá | oi, \
    | beste | hej | cześć | dzień dobry | ahoj | dobrý den | merhaba | привет | здравствуйте | добрый день | 您好 | 你好 \
    | お世話 | fyi | please see | see below | see attached
    """)

  private static let closings = Phrases.list(
    """
    regards | thanks | thank you | best wishes | sincerely | cheers | yours | mit freundlichen | viele grüße | grüße \
    | danke | cordialement | merci | saludos | gracias | cordiali saluti | grazie | atenciosamente | obrigad | groet \
    | hälsning | pozdraw | с уважением | спасибо
    """)

  private static let questions = Phrases.list(
    """
    why did i | why do i | why is | can you | could you | do you know | does anybody | does anyone | any idea | what does it \
    | what now | what is this | please help | please look | i wrote | i sent | i tried | i got | we got | i get | i keep \
    | our server says
    """)

  /// Gateways greet too: those whom they do not know.
  private static let strangers = Phrases.list(
    "dear sender | dear user | dear sir | dear customer | dear mail | dear email | dear e-mail | hello sender | hello user"
  )

  /// Whether somebody wrote this to somebody.
  static func areIn(_ notice: [UInt8]) -> Bool {
    let front = FoldedText(Array(notice[...].prefix(maximumLength)))
    let start = front.bytes.trimmed
    if front.containsAny(questions) || start.prefix(maximumFirstLine).contains(Octet.question) { return true }
    return isGreeting(start)
  }

  /// Whether it begins and ends as a letter does, which is more than programs imitate.
  static func frame(_ notice: [UInt8]) -> Bool {
    guard isGreeting(FoldedText(Array(notice[...].prefix(maximumFirstLine))).bytes.trimmed) else { return false }
    return FoldedText(Array(notice[...].suffix(maximumClosing))).containsAny(closings)
  }

  static let maximumClosingLine = 40

  /// Whether a line ends a letter: `Kind regards,`.
  static func isClosing(_ line: Octets) -> Bool {
    guard line.trimmed.last == 0x2C else { return false }
    let text = FoldedText(Array(line)).bytes.trimmed
    return closings.contains { text.starts(with: $0) || text.suffix($0.count + 1).starts(with: $0) }
  }

  private static func isGreeting(_ start: Octets) -> Bool {
    greetings.contains(where: start.starts) && !strangers.contains(where: start.starts)
  }

  private static let maximumFirstLine = 80
  private static let maximumClosing = 200
}

import MailModel

/// What one run of the fuzzer feeds: a reader of bytes from outside. It may refuse anything, but must never trap, and what
/// it accepts must keep the promises that the precondition states.
enum FuzzTarget: String, CaseIterable {
  case address, header, mime, dsn, arf, xarf, imap, smtp, sns, log, dns

  func run(_ input: [UInt8]) {
    switch self {
    case .address: Self.address(input)
    case .header: Self.header(input)
    case .mime: Self.mime(input)
    case .dsn: Self.report(input)
    case .arf: Self.report([UInt8]("Content-Type: message/feedback-report\n\n") + input)
    case .xarf: Self.extended(input)
    case .imap: Self.imap(input)
    case .smtp: Self.smtp(input)
    case .sns: Self.sns(input)
    case .log: Self.log(input)
    case .dns: Self.dns(input)
    }
  }

  private static func address(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    for mailbox in AddressList.parse(input) { precondition(!mailbox.address.isEmpty) }
    guard let address = try? Address(parsing: text) else { return }
    let written = address.description
    precondition(written.utf8.count <= Address.maximumLength)
    precondition(written.utf8.allSatisfy { $0 > 32 && $0 != 60 && $0 != 62 && $0 != 127 })
    precondition((try? Address(parsing: written))?.description == written, "an address is read back as it was written")
  }

  private static func header(_ input: [UInt8]) {
    let header = MIMEMessage(parsing: input).header
    precondition(header.fields.count <= HeaderBlock.maximumFields)
    for field in header.fields {
      _ = field.decoded
      _ = HeaderParameters.parse(field.valueBytes[...])
      _ = ContentType(parsing: field.valueBytes)
      _ = MessageIDText.all(in: field.valueBytes[...])
      precondition(field.rawValue.count <= HeaderBlock.maximumFieldLength)
    }
  }

  private static func mime(_ input: [UInt8]) {
    let message = MIMEMessage(parsing: input)
    let parts = message.root.flattened
    precondition(parts.count <= MIMEMessage.maximumParts + MIMEMessage.maximumDepth)
    for part in parts.prefix(50) {
      precondition(part.decodedBody(limit: 4_096).count <= 4_096)
      _ = part.text(limit: 65_536)
    }
    if let canonical = try? CanonicalMessage.canonicalise(input) {
      precondition((try? CanonicalMessage.canonicalise(canonical)) == canonical, "canonical stays canonical")
    }
  }

  private static let classifier: ReportClassifier = {
    do {
      return ReportClassifier(rules: BounceRules(try BounceRuleFile(parsing: readFile("data/bounce-rules.conf"))))
    } catch {
      fatalError("data/bounce-rules.conf: \(error)")
    }
  }()

  private static func report(_ input: [UInt8]) {
    let report = classifier.classify(input)
    precondition(report.recipients.count <= DeliveryStatus.maximumRecipients)
    precondition(report.subject.count <= ReportClassifier.maximumHeadingLength)
    for recipient in report.recipients {
      precondition(recipient.diagnostic.count <= DeliveryStatus.maximumDiagnosticLength)
      precondition(recipient.evidence.utf8.count <= 3 * FoldedText.maximumLineLength)
    }
    _ = ClassificationExplanation(report).lines
    _ = try? BounceRuleFile(parsing: input)
  }

  private static func extended(_ input: [UInt8]) {
    let leaves = JSONLeaves(input[...]).leaves
    precondition(leaves.count <= JSONLeaves.maximumCount)
    for leaf in leaves { precondition(leaf.text.count <= 2 * leaf.raw.count) }
    if let found = ExtendedReport(input[...]) {
      precondition(found.message.count <= ExtendedReport.maximumMessageLength)
      precondition(found.recipients.count <= FeedbackReport.maximumRecipients)
    }
    let head =
      "X-XARF: PLAIN\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: text/plain\n\n"
    report([UInt8](head.utf8) + input)
  }

  /// The same bytes in one piece and byte by byte must give the same responses.
  private static func imap(_ input: [UInt8]) {
    precondition(imapResponses(input, in: max(input.count, 1)) == imapResponses(input, in: 1))
  }

  /// - Returns: `nil` at the end for an error. As values: two equal sets may have descriptions in different orders.
  private static func imapResponses(_ input: [UInt8], in size: Int) -> [IMAPResponse?] {
    var parser = IMAPResponseParser(limits: .init(literal: 1_024))
    var found: [IMAPResponse?] = []
    for start in stride(from: 0, to: input.count, by: size) {
      parser.append(input[start..<min(start + size, input.count)])
      do {
        while let response = try parser.next() { found.append(response) }
      } catch {
        return found + [nil]
      }
    }
    return found
  }

  private static func smtp(_ input: [UInt8]) {
    precondition(smtpReplies(input, in: max(input.count, 1)) == smtpReplies(input, in: 1))
  }

  private static func smtpReplies(_ input: [UInt8], in size: Int) -> [String] {
    var parser = SMTPReplyParser()
    var found: [String] = []
    for start in stride(from: 0, to: input.count, by: size) {
      parser.append(input[start..<min(start + size, input.count)])
      do {
        while let reply = try parser.next() {
          _ = SMTPCapabilities(reply)
          found.append("\(reply)")
        }
      } catch {
        return found + ["error"]
      }
    }
    return found
  }

  private static func sns(_ input: [UInt8]) {
    _ = SESNotification.read(input)
    _ = try? SESEvent(parsing: input)
    report([UInt8]("From: no-reply@sns.example\n\n") + input)
  }

  private static func log(_ input: [UInt8]) {
    for line in input.split(separator: 0x0A, maxSplits: 20) {
      guard let read = PostfixLogLine(line) else { continue }
      precondition(read.host.utf8.count <= 3 * 255)
      precondition((5...30).contains(read.queueID.utf8.count))
      if case .messageID(let id) = read.statement { precondition((1...998).contains(id.utf8.count)) }
      precondition(PostfixLogLine(line) == read)
    }
  }

  /// The first byte is the number of records, the others are the records.
  private static func dns(_ input: [UInt8]) {
    guard let question = try? DNSQuestion(id: 0x1234, domain: "firm.net"), let count = input.first else { return }
    let name: [UInt8] = [4] + [UInt8]("firm") + [3] + [UInt8]("net") + [0]
    let head: [UInt8] = [0x12, 0x34, 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0] + name + [0, 15, 0, 1]
    _ = try? DNSReply.read(input, to: question)
    guard case .answer(.exchangers(let found), _) = try? DNSReply.read(head + input.dropFirst(), to: question) else {
      return
    }
    precondition((1...DNSReply.maximumExchangers).contains(found.count))
  }
}

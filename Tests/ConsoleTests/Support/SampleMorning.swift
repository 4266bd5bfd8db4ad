import Engine
import MailFormats
import MailModel
import Storage

/// A morning with a bit of everything.
extension SampleWorkspace {
  static let news = "news@sender.example"
  static let shop = "shop@sender.example"

  /// 24 sent, 2 failed, 1 uncertain, 1 deferred, 2 queued, 2 held; a hard bounce, an unmatched one, 3 + 5 complaints.
  static func morning(role: Role = .lead) throws -> SampleWorkspace {
    let workspace = try SampleWorkspace(role: role)
    try workspace.addInboxes()
    for number in 1...12 { try workspace.enqueue("reader\(number)@mail.example", from: news, subject: "Morning news") }
    for number in 1...12 {
      try workspace.enqueue("buyer\(number)@mail.example", from: shop, subject: "Ten percent off")
    }
    try workspace.attempt(.accept, code: 250, EnhancedStatus(2, 0, 0), "queued as 4F1A")
    workspace.clock.advance(.minutes(3))
    for name in ["gone", "nobody"] {
      try workspace.enqueue("\(name)@mail.example", from: news, subject: "Morning news")
    }
    try workspace.attempt(.refuse, code: 550, EnhancedStatus(5, 1, 1), "no such user here")
    workspace.clock.advance(.minutes(2))
    try workspace.enqueue("maybe@slow.example", from: news, subject: "Morning news")
    try workspace.attempt(.doubt, code: nil, nil, "no reply to the final dot within 600 s")
    try workspace.enqueue("later@busy.example", from: news, subject: "Morning news")
    try workspace.attempt(.deferArmed, code: 450, EnhancedStatus(4, 2, 1), "try again later")
    workspace.clock.advance(.minutes(4))
    try workspace.enqueue("vip1@sender.example", from: shop, subject: "An offer for few")
    try workspace.enqueue("vip2@sender.example", from: shop, subject: "An offer for few")
    try workspace.bounce("reader3@mail.example", messageID: "<reader3@sender.example>")
    try workspace.bounce("stranger@mail.example", messageID: "<never-sent@elsewhere.example>")
    for number in 1...3 { try workspace.complain("reader\(number)", from: news) }
    for number in 1...5 { try workspace.complain("buyer\(number)", from: shop) }
    try workspace.enqueue("early1@mail.example", from: news, subject: "Evening news")
    try workspace.enqueue("early2@mail.example", from: news, subject: "Evening news")
    workspace.clock.advance(.minutes(1))
    return workspace
  }

  func bounce(_ recipient: String, messageID: String) throws {
    let address = try Address(parsing: recipient)
    try receive(
      try DSNComposer.compose(
        DSNDraft(
          reportingMTA: "mx.mail.example", to: Address(parsing: "bounces@sender.example"),
          date: MailDate.format(clock.now()), messageID: "<dsn-\(recipient)>",
          recipients: [
            DSNDraft.Recipient(
              finalRecipient: address, action: .failed, status: EnhancedStatus(5, 1, 1),
              diagnostic: "550 5.1.1 user unknown")
          ],
          originalHeader: Array(
            "From: news@sender.example\r\nMessage-ID: \(messageID)\r\nSubject: Morning news\r\n\r\n".utf8))))
  }

  func complain(_ name: String, from sender: String) throws {
    try receive(
      try ARFComposer.compose(
        ARFDraft(
          from: Address(parsing: "fbl@mail.example"), to: Address(parsing: "bounces@sender.example"),
          date: MailDate.format(clock.now()), messageID: "<arf-\(name)@mail.example>", userAgent: "Feedback/1",
          originalRecipients: [try Address(parsing: "\(name)@mail.example")],
          originalHeader: Array("From: \(sender)\r\nMessage-ID: <\(name)@sender.example>\r\nSubject: News\r\n\r\n".utf8)
        )))
  }
}

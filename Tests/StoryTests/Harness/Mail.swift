/// A mail to enqueue.
struct Mail: Sendable {
  var id: String
  var from: String
  var to: String
  var subject: String
  /// Bytes of text after the header.
  var size: Int

  init(_ id: String, from: String = "news@story.invalid", to: String, subject: String? = nil, size: Int = 60) {
    self.id = id
    self.subject = subject ?? "Story \(id)"
    self.from = from
    self.to = to
    self.size = size
  }

  var messageID: String { "<\(id)@story.invalid>" }

  var text: String {
    let line = "A line of text that somebody wanted to read today.\n"
    return """
      From: \(from)
      To: \(to)
      Subject: \(subject)
      Message-ID: \(messageID)
      Date: Sat, 21 Nov 2026 05:00:00 +0000

      \(String(repeating: line, count: size / line.utf8.count + 1))
      """
  }

  /// Mails to distinct recipients that the sandbox treats alike, such as `ok.1@demo.invalid`, `ok.2@demo.invalid`.
  static func many(
    _ count: Int, _ behaviour: String = "ok", named name: String, from: String = "news@story.invalid"
  ) -> [Mail] {
    (0..<count).map { Mail("\(name)-\($0)", from: from, to: "\(behaviour).\($0)@demo.invalid") }
  }
}

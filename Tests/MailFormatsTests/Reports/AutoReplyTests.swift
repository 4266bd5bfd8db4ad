import MailFormats
import MailModel
import Testing

/// Answers of programs: their subjects in many languages, the fields they write, and what only looks like one.
@Suite struct AutoReplyTests {
  private func kind(_ header: String, text: String = "Back on Monday.") -> ReportKind {
    standardClassifier.classify(
      crlf("From: Ann <ann@there.example>\nTo: me@our.example\n\(header)\n\n\(text)")
    ).kind
  }

  @Test(arguments: [
    "Message d'absence", "Notification d'absence : Hello", "מענה אוטומטי: Hello", "Ausente de la oficina",
    "Frånvarande: Hello", "Autoodpowiedź: Hello", "Automatyczna odpowiedź: Hello", "Аутоматски одговор: Hello",
    "Mimo kancelář",
    "Automatikus válasz: Hello", "RĂSPUNS AUTOMAT: Hello", "Автоматична відповідь: Hello", "Αυτόματη απάντηση: Hello",
    "תשובה אוטומטית: Hello", "رد تلقائي: Hello", "Tự động trả lời: Hello", "自動応答: Hello", "自动答复: Hello",
    "Re: AUTOMATISCHE ANTWORT: Hello", "[Request received] Hello", "Request received: Hello", "Ausente: Hello",
    "Vacation: Hello", "【自動返信】Re: Hello", "(Auto reply) Hello", "[Out of office] Hello",
    "Réponse d'absence : Hello", "Urlaubsmeldung: Hello",
    "Ann Lee est absent(e) (retour 11/03)", "Nincs irodában", "외출 중: Hello", "Poissa: Hello",
  ])
  func `subjects of programs`(subject: String) { #expect(kind("Subject: \(subject)") == .autoReply) }

  @Test(arguments: ["On leave: Hello", "In ferie", "Na urlopie", "Ich bin im Urlaub", "ОТПУСК", "休暇中"])
  func `a holiday alone is what people write about, in a thread or from a program it is an answer`(subject: String) {
    #expect(kind("Subject: \(subject)") == .other)
    guard subject != "ОТПУСК" else { return }
    #expect(kind("Subject: \(subject)\nIn-Reply-To: <m@our.example>") == .autoReply)
    #expect(kind("Subject: \(subject)\nPrecedence: bulk") == .autoReply)
  }

  @Test(arguments: [
    "Yes please!\n\n> This is an automated response. I am away.",
    "Yes please!\n\nOn Friday we wrote:\nThis is an automated response.",
    "Ja, gerne.\n\nAm 21.11.2026 um 9:00 schrieb Ann:\n\nDies ist eine automatische Antwort.",
  ])
  func `an answer that quotes an automatic reply is a reply`(text: String) {
    #expect(kind("Subject: Re: Hello\nIn-Reply-To: <m@our.example>", text: text) == .reply)
  }

  @Test(arguments: [
    ("Question about the invoice while you are out of office", ReportKind.other, ReportKind.reply),
    ("Re: your question about out of office mails", .other, .reply),
    ("Ann Lee (Sales) is out of the office", .autoReply, .autoReply),
    ("Re: out of office: Hello", .autoReply, .autoReply),
  ])
  func `words of such notices in the middle of a subject are a person's`(
    subject: String, alone: ReportKind, threaded: ReportKind
  ) {
    #expect(kind("Subject: \(subject)") == alone)
    #expect(kind("Subject: \(subject)\nIn-Reply-To: <m@our.example>") == threaded)
    #expect(kind("Subject: \(subject)\nPrecedence: bulk") == .autoReply)
  }

  @Test func `an answer to a subject of ours about holidays is a reply`() {
    #expect(kind("Subject: Re: Vacation offers\nIn-Reply-To: <m@our.example>", text: "Yes please") == .reply)
    #expect(kind("Subject: Absence of noise\nList-Unsubscribe: <https://news.example>") == .other)
  }

  @Test(arguments: [
    "X-Auto-Reply: yes", "X-Mail-Autoreply: 1", "X-Autoresponder-Version: 2", "X-FC-MachineGenerated: true",
    "X-Precedence: auto_reply", "Delivered-To: Autoresponder", "X-HolidayReply: 1", "Thread-Topic: AutoResponse",
    "X-Mailer: KANA Response 8", "Auto-Submitted: auto-generated",
    "Auto-Submitted: yes\nIn-Reply-To: <m@our.example>",
    "Auto-Submitted: auto-generated\nIn-Reply-To: <m@our.example>",
  ])
  func `fields of programs that answer`(field: String) { #expect(kind("Subject: Re: Hello\n\(field)") == .autoReply) }

  @Test(arguments: [
    ("no", ReportKind.reply), ("no (a person wrote this)", .reply), ("no; x=1", .reply), ("", .reply),
    ("notify", .autoReply), ("not-known-yet", .autoReply),
  ])
  func `of the keywords of Auto-Submitted only "no" is a person's (RFC 3834)`(keyword: String, expected: ReportKind) {
    #expect(kind("Subject: Re: Hello\nIn-Reply-To: <m@our.example>\nAuto-Submitted: \(keyword)") == expected)
  }

  @Test(arguments: ["<>", "<MAILER-DAEMON@mx.there.example>", "MAILER-DAEMON"])
  func `the null envelope sender, however final delivery writes it`(path: String) {
    #expect(kind("Return-Path: \(path)\nSubject: Re: Hello\nIn-Reply-To: <m@our.example>") == .autoReply)
    #expect(kind("Return-Path: \(path)\nSubject: Hello", text: "I am away until Monday.") == .autoReply)
    #expect(kind("Return-Path: <ann@there.example>\nSubject: Re: Hello\nIn-Reply-To: <m@our.example>") == .reply)
  }

  @Test(arguments: [
    "X-Auto-Response-Suppress: All", "X-Autoreply: no", "Auto-Submitted: no\nIn-Reply-To: <m@our.example>",
    "Auto-Submitted: auto-generated",
    "Auto-Submitted: auto-generated\nIn-Reply-To: <m@our.example>\nList-Id: <tracker.our.example>",
  ])
  func `fields that say nothing of an answer`(field: String) { #expect(kind("Subject: Hello\n\(field)") != .autoReply) }

  @Test(arguments: [
    "I now allow incoming messages only from senders I have approved beforehand.",
    "Your message is being held because the address was never seen.",
    "Just this once, click the link below so I can receive your emails.",
    "This mailbox is protected by a challenge and response system.",
    "The message requires that you verify that you are a real live human being.",
  ])
  func `challenges`(text: String) {
    #expect(kind("Subject: Re: Hello", text: text) == .autoReply)
    #expect(kind("Subject: Re: Hello\nList-Id: <l.our.example>", text: text) != .autoReply)
  }

  @Test(arguments: ["This is an automated response.", "Hello,\n\ndies ist eine automatische Antwort.", "自動返信です。"])
  func `programs that say what they are`(text: String) {
    #expect(kind("Subject: Hello", text: text) == .autoReply)
    #expect(kind("Subject: Hello\nList-Id: <l.our.example>", text: text) != .autoReply)
  }

  @Test func `an absence in an answer that cites no message is a program's, one that cites it a person's`() {
    let text = "I am out of the office until Monday."
    #expect(kind("Subject: Re: Hello", text: text) == .autoReply)
    #expect(kind("Subject: Re: Hello\nIn-Reply-To: <m@our.example>", text: text) == .reply)
    #expect(kind("Subject: Hello", text: text) == .other)
    #expect(kind("Subject: Fwd: Hello", text: text) == .other)
  }
}

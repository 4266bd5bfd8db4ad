import MailFormats
import MailModel
import Testing

/// One notice about `ann@there.example`.
struct Notice: Sendable, CustomTestStringConvertible {
  let name: String
  let from: String
  let subject: String
  let bounceClass: BounceClass?
  let text: String

  init(_ name: String, from: String, subject: String, _ bounceClass: BounceClass?, _ text: String) {
    (self.name, self.from, self.subject, self.bounceClass, self.text) = (name, from, subject, bounceClass, text)
  }

  var testDescription: String { name }

  static let returned =
    "\nReceived: from a.example by b.example; Mon, 1 Jan 2024 00:00:00 +0000\nFrom: me@our.example\nTo: ann@there.example\nSubject: Hello\nMessage-ID: <orig@our.example>\n\nHi\n"

  var mail: String {
    "Return-Path: <>\nFrom: \(from)\nTo: me@our.example\nSubject: \(subject)\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n\(text)"
  }
}

@Suite struct NoticeFormatTests {
  @Test(
    arguments: Notice.mailers + Notice.providers + Notice.others + Notice.gateways + Notice.worldwide + Notice.languages
      + Notice.hosts + Notice.tables + Notice.byHand
  )
  func bounce(notice: Notice) {
    let found = standardClassifier.classify(crlf(notice.mail))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.first?.bounceClass == notice.bounceClass, "\(found.why)")
    if notice.text.contains("<orig@") { #expect(found.originalMessageID == "<orig@our.example>") }
  }

  @Test(arguments: [
    "<o'brien@there.example>: user unknown", "Your message to 'o'brien@there.example' failed: user unknown",
    "o'brien@there.example: user unknown", "<d'arc@there.example>: user unknown",
  ])
  func `an apostrophe is part of an address`(line: String) {
    let found = standardClassifier.classify(
      crlf(Notice("", from: "MAILER-DAEMON@there.example", subject: "Undelivered Mail", .hard, line).mail))
    #expect(
      found.recipients.map(\.finalRecipient) == [line.contains("arc") ? "d'arc@there.example" : "o'brien@there.example"]
    )
  }

  @Test(arguments: [
    "From: gate <gate@there.example>\nSubject: failure notice\n\nSorry, your mail was rejected.\n-------server message\n550 5.1.1 unknown user <ann@there.example>\n-------original message\n\(Notice.returned)",
    "From: Mail Administrator <mailadmin@there.example>\nSubject: About your mail\n\nThere is no such user as ann@there.example.\n\(Notice.returned)",
    "From: <no-reply@app.there.example>\nSubject: Mail System Error - Returned Mail\n\nYour mail of May\nCould not be delivered to: <ann@there.example>\nAs the mailbox is full.\n",
    "From: Administrator <administrator@there.example>\nSubject: Message rejected\n\nYour message to ann@there.example was rejected: 550 5.7.1 policy\n",
  ])
  func `a notice whose null envelope sender was lost on the way`(mail: String) {
    let found = standardClassifier.classify(crlf("To: me@our.example\n" + mail))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test func `an apostrophe before an address is none of it`() {
    let text = "La boîte d'ann@there.example est inconnue.\n"
    let found = standardClassifier.classify(
      crlf(Notice("", from: "MAILER-DAEMON@there.example", subject: "Undelivered Mail", .hard, text).mail))
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test(arguments: Notice.delays + Notice.delaysWorldwide)
  func delay(notice: Notice) {
    let found = standardClassifier.classify(crlf(notice.mail))
    #expect(found.kind == .delay)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.allSatisfy { $0.action == .delayed })
  }

  @Test(arguments: [
    "Subject: Nieobecność w biurze: Hello",
    "Subject: Re: Hello\nAuto-Submitted: auto-replied",
    "Subject: I will be out of the office until 5 January",
    "Subject: Please confirm your message\nX-Delivery-Agent: TMDA/1.1",
    "Subject: Re: Hello [verification required]\nX-Boxbe-Notification: 1",
  ])
  func `automatic replies and challenges`(header: String) {
    let found = standardClassifier.classify(
      crlf("From: Ann <ann@there.example>\nTo: me@our.example\n\(header)\n\nBack soon."))
    #expect(found.kind == .autoReply, "\(found.why)")
  }

  @Test(arguments: [
    ("未传递: Hello", "向这些收件人传递邮件失败:"), ("Går inte att leverera: Hello", "Leveransen misslyckades:"),
    ("Kan ikke leveres: Hello", "Leveringen mislyktes:"), ("Onbestelbaar: Hello", "De bezorging is mislukt:"),
    ("Teslim edilemez: Hello", "Teslimat başarısız:"), ("Nedoručitelné: Hello", "Doručení se nezdařilo:"),
    ("Imposibil de livrat: Hello", "Livrarea a eșuat:"), ("Niedostarczone: Hello", "Dostarczenie nie powiodło się:"),
    ("Не удается доставить: Hello", "Сбой доставки:"), ("无法传递: Hello", "传递失败:"),
    ("No se ha podido entregar: Hello", "La entrega ha fallado:"), ("Ei voi toimittaa: Hello", "Toimitus epäonnistui:"),
    ("邮件发送失败", "您的邮件未能发送到以下地址:"),
  ])
  func `the notice of an office without a code, in its language`(subject: String, text: String) {
    let found = standardClassifier.classify(
      crlf(
        "From: <postmaster@there.example>\nTo: me@our.example\nSubject: \(subject)\nContent-Type: text/plain; charset=utf-8\n\n\(text)\n\nann@there.example\n"
      ))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test(arguments: [
    "再送を試みましたが、再送を中止しました。", "La remise est retardée : aucune autre tentative.",
    "Se ha retrasado y no se volverá a intentar.", "Доставка задерживается, повторных попыток не будет.",
    "Delivery has been delayed; we gave up.", "The mail has been delayed and we will not retry.", "投递延迟，系统不再重试。",
  ])
  func `a notice that gives up after a delay is a bounce`(text: String) {
    let mail = Notice("", from: "MAILER-DAEMON@there.example", subject: "Mail", nil, "<ann@there.example>:\n\(text)\n")
      .mail
    #expect(standardClassifier.classify(crlf(mail)).kind == .bounce)
  }
}

import MailModel
import TestSupport
import Testing

@testable import MailFormats

/// Seeded mutations of messages: nothing may trap, and what comes out stays bounded (faults 19, 20, 26–29).
@Suite struct MutationTests {
  static let seeds = [
    "From: a@b.example\nTo: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?= <c@d.example>\nSubject: =?utf-8?Q?=C3=BC?=\n\nbody",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\nFrom: MAILER-DAEMON@x\n\n--b\n\ntext <a@b.example>: 550 5.1.1 user unknown\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <m@x>\n\nx\n--b--\n",
    "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: <a@b.example>\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <m@x>\n--b--",
    "From: MAILER-DAEMON@x\nSubject: failure notice\nContent-Transfer-Encoding: base64\nContent-Type: text/plain; charset*0*=utf-8''shift; charset*1=_jis\n\nPGFAYi5leGFtcGxlPjogNTUwIDUuMS4xIHVzZXIgdW5rbm93bg==",
    "From: x@y\nContent-Type: text/html; charset=utf-7\nContent-Transfer-Encoding: quoted-printable\n\n<p>+APw-=20=\n&lt;a@b.example&gt;</p><script>",
    "From: a@b.example\nAuto-Submitted: auto-replied (rejected)\nContent-Type: multipart/report; boundary=b\n\n--b\n\nrefused\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; SMTP:a@b.example (A)\n\nAction: failed\n\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--b--",
    "From: MAILER-DAEMON@x\nSubject: ДОСТАВКА Задерживается\n\nMessage from <c@d.example> to <a@b.example> could not be delivered.\na@b.example, e@f.example; <g@h.example>\nThe mailbox has moved to:\n  a@new.example\nCould not be delivered to: <a@b.example>",
    "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"x\",\"bouncedRecipients\":[]}}",
  ].map(bytes)

  private static let tokens = [
    "\r", "\n", "\r\n", "\0", "--b", "--b--", "=?", "?=", "=", ":", ";", "<", ">", "@", "\"", "(", ")", "\\", ".",
    "\n.\n",
    "Content-Type: multipart/mixed; boundary=b\n", "message/rfc822", "\u{FF}", "[", "]", "5.1.1", "*0*=", "%", "{", "}",
  ].map(bytes)

  private static func mutate(_ input: [UInt8], _ numbers: inout SeededGenerator) -> [UInt8] {
    var output = input
    for _ in 0..<Int.random(in: 1...8, using: &numbers) {
      let position = Int.random(in: 0...output.count, using: &numbers)
      switch Int.random(in: 0..<5, using: &numbers) {
      case 0: output.insert(contentsOf: tokens[Int.random(in: 0..<tokens.count, using: &numbers)], at: position)
      case 1 where position < output.count: output[position] = UInt8.random(in: 0...255, using: &numbers)
      case 2: output.removeSubrange(position..<min(output.count, position + Int.random(in: 0...20, using: &numbers)))
      case 3: output.insert(contentsOf: output[position..<min(output.count, position + 60)], at: position)
      default: output.removeLast(min(output.count, Int.random(in: 0...10, using: &numbers)))
      }
    }
    return output
  }

  @Test(arguments: MutationTests.seeds.indices)
  func `mutated messages are read without a trap and within bounds`(seed: Int) {
    var numbers = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<250 {
      let input = Self.mutate(Self.seeds[seed], &numbers)
      let message = MIMEMessage(parsing: input)
      #expect(message.root.flattened.count <= MIMEMessage.maximumParts)
      let report = standardClassifier.classify(input)
      #expect(report.recipients.count <= DeliveryStatus.maximumRecipients)
      #expect(report.subject.count <= ReportClassifier.maximumHeadingLength)
      #expect(report.recipients.allSatisfy { $0.diagnostic.utf8.count <= DeliveryStatus.maximumDiagnosticLength * 3 })
    }
  }

  @Test(arguments: MutationTests.seeds.indices)
  func `what is accepted as canonical is one message for every receiver, fault 18`(seed: Int) {
    var numbers = SeededGenerator(seed: UInt64(seed) &+ 1_000)
    var accepted = 0
    for _ in 0..<400 {
      guard let canonical = try? CanonicalMessage.canonicalise(Self.mutate(Self.seeds[seed], &numbers)) else {
        continue
      }
      accepted += 1
      #expect(!canonical.contains(0))
      let withoutEnds = text(canonical).replacing("\r\n", with: "")
      #expect(!withoutEnds.utf8.contains(13) && !withoutEnds.utf8.contains(10))
      #expect((try? CanonicalMessage.canonicalise(canonical)) == canonical)
    }
    if seed < 5 { #expect(accepted > 0) }
  }

  @Test func `mutated addresses never carry what ends a command, fault 20`() {
    var numbers = SeededGenerator(seed: 7)
    for _ in 0..<3_000 {
      let input = text(Self.mutate(bytes("jürgen.o'x+1@bücher.example"), &numbers))
      _ = AddressList.parse(input)
      _ = EncodedWord.decode(bytes(input))
      guard let address = try? Address(parsing: input) else { continue }
      #expect(address.description.utf8.allSatisfy { $0 > 32 && $0 != 60 && $0 != 62 && $0 != 127 })
      #expect(address.description.utf8.count <= Address.maximumLength)
    }
  }

  @Test func `beginnings of encoded words that never end finish, fault 27`() {
    let field = String(repeating: "=?a?b?x", count: 9_000)
    let header = (0..<40).map { _ in "To: \(field)\n" }.joined()
    let seconds = TestEnvironment.processorSeconds {
      #expect(standardClassifier.classify(bytes("Subject: \(field)\n\(header)\nx")).kind == .other)
    }
    #expect(seconds < 30)
  }

  @Test func `pathological sizes finish and stay bounded, fault 27`() {
    let shapes = [
      String(repeating: "=?utf-8?Q?", count: 50_000), String(repeating: "<", count: 300_000),
      String(repeating: "@", count: 300_000),
      String(repeating: "--b\n", count: 100_000), String(repeating: "5.1.1 ", count: 50_000),
      String(repeating: "> ", count: 100_000),
      String(repeating: "Received: x\n\n", count: 30_000), String(repeating: "{\"", count: 100_000),
    ]
    for shape in shapes {
      for header in [
        "Subject: ", "From: MAILER-DAEMON@x\nSubject: failure notice\n\n",
        "Content-Type: multipart/mixed; boundary=b\n\n",
      ] {
        let report = standardClassifier.classify(bytes(header + shape))
        #expect(report.recipients.count <= DeliveryStatus.maximumRecipients)
      }
    }
  }
}

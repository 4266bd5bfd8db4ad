import Foundation
import MailModel
import TestSupport
import Testing

@testable import MailFormats

/// Mails that are broken or built to break their reader (faults 26, 27, 28).
@Suite struct HostileReportTests {
  private func report(_ notice: [UInt8], charset: String, encoding: String = "8bit") -> ClassifiedReport {
    standardClassifier.classify(
      crlf(
        "From: MAILER-DAEMON@there.example\nReturn-Path: <>\nTo: me@our.example\nSubject: failure notice\nContent-Type: text/plain; charset=\(charset)\nContent-Transfer-Encoding: \(encoding)\n\n"
      ) + notice)
  }

  @Test func `500,000 header fields are quarantined, in time that grows with their number only, fault 27`() {
    let input = bytes("Subject: failure notice\n" + String(repeating: "X-A: b\n", count: 500_000) + "\ntext")
    let seconds = TestEnvironment.processorSeconds {
      let found = standardClassifier.classify(input)
      #expect(found.kind == .other)
      #expect(found.why.hasPrefix("quarantined: more than 2000 header fields"))
    }
    #expect(seconds < 30)
  }

  @Test func `of many addressees a bounded number is looked at for a token`() {
    let many = (0..<100).map { "a\($0)@our.example" }.joined(separator: ",\n ")
    let found = standardClassifier.classify(bytes("From: x@there.example\nTo: \(many)\n\nhello\n"))
    #expect(found.tokenCandidates == (0..<32).map { "a\($0)@our.example" })
  }

  @Test func `10,000 nested parts are quarantined, fault 27`() {
    let multiparts = (0..<10_000).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
    let messages = String(repeating: "Content-Type: message/rfc822\n\n", count: 10_000)
    for input in [multiparts, messages] {
      #expect(standardClassifier.classify(bytes(input)).why.hasPrefix("quarantined: parts nested deeper than 24"))
    }
  }

  @Test func `of a mail of 50 MB only the front is read, and that is said`() {
    let head =
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <orig@our.example>\n\n"
    let input = bytes(head) + [UInt8](repeating: 0x0A, count: 50 << 20)
    let message = MIMEMessage(parsing: input)
    #expect(message.defects.contains(.messageTooLong))
    #expect(message.root.rawBody.count <= MIMEMessage.maximumLength)
    let found = standardClassifier.classify(input)
    #expect(found.kind == .bounce)
    #expect(found.originalMessageID == "<orig@our.example>")
    #expect(found.why.contains("larger than 8 MiB"))
  }

  @Test func `a flood of recipients is cut, and cheap`() {
    let recipients = (0..<5_000).map {
      "Final-Recipient: rfc822; u\($0)@there.example\nAction: failed\nStatus: 5.1.1\n\n"
    }
    let notice = (0..<3_000).map { "<u\($0)@there.example>: user unknown\n" }.joined()
    let input = bytes(
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n\(notice)\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n\(recipients.joined())--b--\n"
    )
    let start = ContinuousClock.now
    let found = standardClassifier.classify(input)
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(found.recipients.count <= 500)
  }

  @Test func `recipients without empty lines between them are cut too`() {
    let fields = (0..<1_990).map { "Final-Recipient: rfc822;u\($0)@a.example\n" }.joined()
    let found = standardClassifier.classify(
      bytes(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n\(fields)\n--b--\n"
      ))
    #expect(found.recipients.count == 500)
  }

  @Test func `addresses of the header are read once, however many recipients there are`() {
    let groups = (0..<500).map { "Final-Recipient: rfc822; u\($0)@there.example\nAction: failed\nStatus: 5.1.1\n\n" }
    let to = String(repeating: "a", count: 32_000) + "@" + String(repeating: ":", count: 32_000)
    let input = bytes(
      "To: \(to)\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n\(groups.joined())--b--\n"
    )
    let start = ContinuousClock.now
    #expect(standardClassifier.classify(input).recipients.count == 500)
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func `a text of lines that look like fields is not read again from each of them`() {
    let input = bytes("From: ann@there.example\nSubject: x\n\n" + String(repeating: "to:\n", count: 16_000))
    let start = ContinuousClock.now
    #expect(standardClassifier.classify(input).kind == .other)
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test(arguments: [
    ("iso-2022-jp", "ISO-2022-JP"), ("", "ISO-2022-JP"), ("us-ascii", "ISO-2022-JP"), ("utf-7", "UTF-7"),
    ("unicode-1-1-utf-7", "UTF-7"), ("shift_jis", "CP932"), ("euc-jp", "EUC-JP"),
  ])
  func `Japanese words are understood in every charset`(label: String, converter: String) throws {
    let text = "<ann@there.example>:\nメールボックスの容量を超えています\n"
    #expect(report(try encoded(text, converter), charset: label).recipients.first?.reason == "mailbox full")
  }

  @Test(arguments: [
    ("windows-1251", "CP1251", "почтовый ящик переполнен"), ("koi8-r", "KOI8-R", "почтовый ящик переполнен"),
    ("windows-1252", "CP1252", "boîte aux lettres pleine"), ("iso-8859-1", "CP1252", "boîte aux lettres pleine"),
    ("gb2312", "GB18030", "邮箱已满"), ("big5", "BIG5", "信箱已滿"), ("nonsense-8", "UTF-8", "邮箱已满"),
    ("utf-8", "CP1252", "boîte aux lettres pleine"),
  ])
  func `words of other languages are understood in their charsets`(label: String, converter: String, words: String)
    throws
  {
    let found = report(try encoded("<ann@there.example>: \(words)\n", converter), charset: label)
    #expect(found.recipients.first?.reason == "mailbox full")
  }

  @Test func `base64 and quoted-printable junk decode to what can be read, nothing is inflated, fault 28`() {
    let good = text(Base64.encode(bytes("<ann@there.example>: mailbox full\n")[...]))
    let found = report(bytes("!!\u{7F}" + good + "%%%"), charset: "utf-8", encoding: "base64")
    #expect(found.recipients.first?.reason == "mailbox full")
    let quoted = report(
      bytes("<ann=40there.example>: mail=\nbox full =ZZ =\n"), charset: "utf-8", encoding: "quoted-printable")
    #expect(quoted.recipients.map(\.finalRecipient) == ["ann@there.example"])
    let bomb = report([UInt8](repeating: 0x41, count: 4 << 20), charset: "utf-8", encoding: "base64")
    #expect(bomb.kind == .bounce || bomb.kind == .other)
  }

  private static let status = "Final-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.2.2\n"

  @Test(arguments: [
    // No blank line between a part's header and its body.
    "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\(status)\n--b--\n",
    // No blank line after the message's header; the boundary is quoted and cut off.
    "Content-Type: multipart/report; boundary=\"b\n\n--b\nContent-Type: message/delivery-status\n\n\(status)\n--b\n",
    // A boundary that no line carries.
    "Content-Type: multipart/report; boundary=other\n\n--b\nContent-Type: message/delivery-status\n\n\(status)\n--b--\n",
    // No boundary parameter.
    "Content-Type: multipart/report\n\n--b\nContent-Type: message/delivery-status\n\n\(status)\n--b--\n",
    // The delimiter is indented with what follows.
    "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: text/plain\n\nfailed\n\n --b\nContent-Type: message/delivery-status\n\n\(status)\n--b--\n",
    // Fields in the text.
    "Subject: Delivery failure\n\nYour mail failed.\n\n\(status)",
  ])
  func `broken structure gives up what it holds`(mail: String) {
    let found = standardClassifier.classify(crlf("From: MAILER-DAEMON@there.example\n" + mail))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.first?.status == EnhancedStatus(5, 2, 2))
  }

  /// `text` in another charset, by the C library's converter.
  private func encoded(_ text: String, _ name: String) throws -> [UInt8] {
    let converter = try #require(iconv_open(name, "UTF-8"))
    defer { iconv_close(converter) }
    var source = Array(text.utf8CString.dropLast())
    var result = [CChar](repeating: 0, count: source.count * 4 + 16)
    let left = source.withUnsafeMutableBufferPointer { input in
      result.withUnsafeMutableBufferPointer { output in
        var (next, remaining) = (input.baseAddress, input.count)
        var (out, room) = (output.baseAddress, output.count)
        _ = iconv(converter, &next, &remaining, &out, &room)
        _ = iconv(converter, nil, nil, &out, &room)
        return room
      }
    }
    return result.dropLast(left).map { UInt8(bitPattern: $0) }
  }
}

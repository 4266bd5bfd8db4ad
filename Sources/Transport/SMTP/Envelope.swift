import MailFormats
import MailModel

/// The commands MAIL and RCPT for one message, or the reason why they must not be sent.
struct Envelope {
  var mail: String
  var rcpt: String
  /// Whether MAIL names the size of the body, so that a 552 to it is about this message.
  var declaresSize: Bool

  /// - Parameter envelopeID: to come back in delivery reports, along with the recipient as it is here (RFC 3461).
  /// - Throws: a reply as the relay would have given it; its text says that it is local.
  init(
    sender: String, recipient: String, body: [UInt8], envelopeID: String?, capabilities: SMTPCapabilities
  ) throws(LocalRefusal) {
    let sender = try Self.wireForm(sender, allowsEmpty: true)
    let wireRecipient = try Self.wireForm(recipient, allowsEmpty: false)
    var mail = "MAIL FROM:<\(sender)>"
    if !sender.utf8.allSatisfy({ $0 < 0x80 }) || !wireRecipient.utf8.allSatisfy({ $0 < 0x80 }) {
      guard capabilities.smtpUTF8 else {
        throw LocalRefusal(550, EnhancedStatus(5, 6, 7), "the relay does not take addresses beyond ASCII")
      }
      mail += " SMTPUTF8"
    }
    if EightBit.occurs(in: body) {
      guard capabilities.eightBitMIME else {
        throw LocalRefusal(554, EnhancedStatus(5, 6, 3), "the relay does not take 8-bit content")
      }
      mail += " BODY=8BITMIME"
    }
    if let limit = capabilities.maximumSize, body.count > limit {
      throw LocalRefusal(
        552, EnhancedStatus(5, 3, 4), "the message has \(body.count) bytes and the relay takes \(limit)")
    }
    if capabilities.size { mail += " SIZE=\(body.count)" }
    var rcpt = "RCPT TO:<\(wireRecipient)>"
    if let envelopeID, capabilities.dsn {
      if (1...100).contains(envelopeID.utf8.count) { mail += " ENVID=\(XText.encode(envelopeID))" }
      if recipient.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
        rcpt += " ORCPT=rfc822;\(XText.encode(recipient))"
      }
    }
    self.mail = mail + "\r\n"
    self.rcpt = rcpt + "\r\n"
    self.declaresSize = capabilities.size
  }

  /// MAIL, RCPT and DATA, for a relay that takes them in one write.
  var commands: String { mail + rcpt + "DATA\r\n" }

  private static func wireForm(_ address: String, allowsEmpty: Bool) throws(LocalRefusal) -> String {
    if let fault = EnvelopeCheck.fault(in: address, allowsEmpty: allowsEmpty) {
      throw LocalRefusal(501, EnhancedStatus(5, 1, 3), fault.description)
    }
    guard !address.utf8.allSatisfy({ $0 < 0x80 }) else { return address }
    guard let at = address.lastIndex(of: "@"), !address[at...].utf8.allSatisfy({ $0 < 0x80 }) else { return address }
    // Only the domain is converted; the local part is the recipient's own business.
    guard let domain = try? Address(parsing: "x" + address[at...]).domain else {
      throw LocalRefusal(501, EnhancedStatus(5, 1, 2), "the domain has no form in ASCII")
    }
    let whole = address[...at] + domain
    // The ASCII form is longer, and what IDNA maps could be anything: judge what will go out.
    if let fault = EnvelopeCheck.fault(in: String(whole)) {
      throw LocalRefusal(501, EnhancedStatus(5, 1, 2), fault.description)
    }
    return String(whole)
  }
}

/// A refusal that this program gives in the relay's stead, before any byte goes out.
struct LocalRefusal: Error, Equatable {
  var reply: ServerReply

  init(_ code: Int, _ status: EnhancedStatus, _ why: String) {
    reply = ServerReply(code: code, enhancedStatus: status, text: "refused locally, nothing was sent: \(why)")
  }
}

enum XText {
  /// RFC 3461 §4: printable ASCII except `+` and `=`; every other byte as `+` and two hexadecimal digits.
  static func encode(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      if (0x21...0x7E).contains(byte), byte != 0x2B, byte != 0x3D {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += (byte < 16 ? "+0" : "+") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}

enum EightBit {
  /// Whether any byte has its high bit set.
  static func occurs(in bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { raw in
      var seen: UInt64 = 0
      var offset = 0
      while offset + 8 <= raw.count {
        seen |= raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        offset += 8
      }
      while offset < raw.count {
        seen |= UInt64(raw[offset])
        offset += 1
      }
      return seen & 0x8080_8080_8080_8080 != 0
    }
  }
}

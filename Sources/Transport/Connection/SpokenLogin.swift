import Foundation
import MailModel

/// A user name and a password as they are said to a server, and as a server may repeat them.
struct SpokenLogin {
  var username: String
  var password: Secret

  /// The message of the mechanism PLAIN (RFC 4616 §2) in base 64.
  var plain: String { SpokenLogin.base64("\0\(username)\0\(password.reveal())") }

  /// A quoted string (RFC 3501 §4.3). - Returns: `nil` for a text that is not ASCII: what it would mean is not defined.
  static func quoted(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    return "\"" + text.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : String($1) } + "\""
  }

  /// What a server says may repeat what was said to it: the password is taken out, however it was spelled (fault 38).
  func withoutPassword(_ text: String) -> String {
    // By its code units: a combining mark behind it must not make it another text.
    spellings.reduce(text) { $0.replacingOccurrences(of: $1, with: "\(password)", options: .literal) }
  }

  /// Every form in which the password goes out, the longer ones first: as the mechanisms PLAIN and LOGIN say it, with
  /// and without the padding of base 64, quoted, and by itself.
  private var spellings: [String] {
    guard !password.isEmpty else { return [] }
    let encoded = [plain, SpokenLogin.base64(password.reveal())]
    let unpadded = encoded.map { String($0.prefix { $0 != "=" }) }
    let quoted = SpokenLogin.quoted(password.reveal()).map { String($0.dropFirst().dropLast()) }
    return encoded + unpadded + [quoted, password.reveal()].compactMap { $0 }
  }

  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}

extension SpokenLogin {
  func withoutPassword(_ reply: ServerReply) -> ServerReply {
    var reply = reply
    reply.text = withoutPassword(reply.text)
    return reply
  }
}

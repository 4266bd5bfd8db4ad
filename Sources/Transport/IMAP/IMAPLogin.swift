import Foundation
import MailFormats
import MailModel

/// How a user name and a password are said to a mailbox server (RFC 3501 §6.2).
enum IMAPLogin: Equatable {
  /// All of it is one command.
  case command(String)
  /// The response is said when the server asks for it.
  case dialogue(command: String, response: String)

  /// The way that needs the fewest round trips. Both texts must be without control characters.
  ///
  /// - Returns: `nil` when the server offers nothing that can be used.
  init?(username: String, password: Secret, _ capabilities: IMAPCapabilities) {
    let takesPlain = capabilities.authMechanisms.contains("PLAIN")
    let response = IMAPLogin.plain(username, password)
    let words = [username, password.reveal()].compactMap(IMAPLogin.quoted)
    if takesPlain, capabilities.initialResponse {
      self = .command("AUTHENTICATE PLAIN \(response)")
    } else if !capabilities.loginDisabled, words.count == 2 {
      self = .command("LOGIN \(words[0]) \(words[1])")
    } else if takesPlain {
      self = .dialogue(command: "AUTHENTICATE PLAIN", response: response)
    } else {
      return nil
    }
  }

  /// Every form in which a password goes out: by itself, quoted, and in base 64.
  static func spellings(of password: Secret, for username: String) -> [String] {
    guard !password.isEmpty else { return [] }
    let quoted = quoted(password.reveal()).map { String($0.dropFirst().dropLast()) }
    return [plain(username, password), quoted, password.reveal()].compactMap { $0 }
  }

  /// The message of the mechanism PLAIN (RFC 4616 §2) in base 64.
  static func plain(_ username: String, _ password: Secret) -> String {
    Data("\0\(username)\0\(password.reveal())".utf8).base64EncodedString()
  }

  /// - Returns: `nil` for a text that is not ASCII: what it would mean is not defined.
  private static func quoted(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    return "\"" + text.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : String($1) } + "\""
  }
}

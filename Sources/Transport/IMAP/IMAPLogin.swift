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
    let response = SpokenLogin(username: username, password: password).plain
    let words = [username, password.reveal()].compactMap(SpokenLogin.quoted)
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
}

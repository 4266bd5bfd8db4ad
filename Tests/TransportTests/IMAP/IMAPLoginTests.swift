import MailFormats
import MailModel
import Testing

@testable import Transport

/// Which way of logging in is taken (RFC 3501 §6.2, RFC 4616, RFC 4959).
@Suite struct IMAPLoginTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var capabilities: String
    var username = "ann"
    var password = "secret"
    var login: IMAPLogin?
    var testDescription: String { "\(capabilities) for \(username)" }
  }

  static let cases: [Case] = [
    Case(capabilities: "IMAP4rev1 SASL-IR AUTH=PLAIN", login: .command("AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=")),
    Case(capabilities: "imap4rev1 sasl-ir auth=plain", login: .command("AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=")),
    Case(
      capabilities: "SASL-IR AUTH=PLAIN LOGINDISABLED", username: "änn",
      login: .command("AUTHENTICATE PLAIN AMOkbm4Ac2VjcmV0")),
    Case(capabilities: "IMAP4rev1 AUTH=PLAIN", login: .command(#"LOGIN "ann" "secret""#)),
    Case(capabilities: "", login: .command(#"LOGIN "ann" "secret""#)),
    Case(capabilities: "SASL-IR AUTH=GSSAPI", login: .command(#"LOGIN "ann" "secret""#)),
    Case(capabilities: "", username: #"a "b" \c"#, password: "{3}%*", login: .command(#"LOGIN "a \"b\" \\c" "{3}%*""#)),
    Case(
      capabilities: "AUTH=PLAIN LOGINDISABLED",
      login: .dialogue(command: "AUTHENTICATE PLAIN", response: "AGFubgBzZWNyZXQ=")),
    Case(
      capabilities: "AUTH=PLAIN", password: "sécret",
      login: .dialogue(command: "AUTHENTICATE PLAIN", response: "AGFubgBzw6ljcmV0")),
    Case(capabilities: "IMAP4rev1", password: "sécret", login: nil),
    Case(capabilities: "LOGINDISABLED STARTTLS", login: nil),
    Case(capabilities: "SASL-IR LOGINDISABLED AUTH=XOAUTH2 AUTH=PLAIN-CLIENTTOKEN", login: nil),
  ]

  @Test(arguments: cases)
  func `the shortest way that the server takes`(_ example: Case) {
    let capabilities = IMAPCapabilities(example.capabilities)
    let login = IMAPLogin(username: example.username, password: Secret(example.password), capabilities)
    #expect(login == example.login)
  }
}

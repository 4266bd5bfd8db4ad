import Engine
import MailModel
import Transport

extension SMTPSettings {
  /// The server that an inbox's own mail goes out over.
  init(_ login: InboxLogin, caFile: String, helloName: String) {
    let server = login.inbox.smtp
    self.init(
      host: server.host, port: server.port, security: server.security, username: server.username,
      password: login.password, caFile: caFile.isEmpty ? nil : caFile, helloName: helloName.isEmpty ? nil : helloName)
  }
}

extension IMAPSettings {
  /// The server that replies to an inbox arrive at; `nil` when it has none.
  init?(_ login: InboxLogin, caFile: String) {
    guard let server = login.inbox.imap else { return nil }
    self.init(
      host: server.host, port: server.port, security: server.security, username: server.username,
      password: login.password, caFile: caFile.isEmpty ? nil : caFile)
  }
}

import Foundation
public import MailModel

/// The JSON that is posted (docs/notices.md). Keys are a contract: they are added to, never changed.
struct WebHookBody: Encodable {
  var version = 1
  var kind: String
  /// For whom it is: `holder` of the account, or our own `team`.
  var audience: String
  var account: String?
  var caseID: Int64?
  var subject: String
  var text: String
  var createdAt: String
  var values: [String: String]

  private enum CodingKeys: String, CodingKey {
    case version, kind, audience, account, subject, text, createdAt, values
    case caseID = "case"
  }

  init(_ order: NoticeOrder, subject: String, text: String, now: Timestamp) {
    kind = order.kind
    audience = order.team == nil ? "holder" : "team"
    account = order.account?.address
    caseID = order.caseID
    self.subject = subject
    self.text = text
    createdAt = Clockface.utc(now)
    values = order.values
  }

  var json: String { JSONLine.encode(self) }
}

/// What a notice says to its reader, on whatever channel.
public enum WebHookText {
  /// The text of the posted object, for people; the body as it is when it is no such object, and for an e-mail.
  public static func text(of notice: Notice) -> String {
    struct Posted: Decodable { var text: String }
    guard notice.channel == .webhook else { return notice.body }
    return (try? JSONDecoder().decode(Posted.self, from: Data(notice.body.utf8)))?.text ?? notice.body
  }
}

/// What a web hook's URL must look like.
enum WebHookURL {
  /// Scheme, host and port: what may be shown of it.
  static func place(_ url: Secret) -> String {
    guard let parts = URLComponents(string: url.reveal()), let scheme = parts.scheme, let host = parts.host else {
      return "web hook"
    }
    return "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
  }

  /// - Returns: what is wrong with it; `nil` for a good one and for an empty one. Never the URL itself: it may hold a
  ///   token.
  static func problem(_ text: String) -> String? {
    if text.isEmpty { return nil }
    guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty else { return "is no URL" }
    switch url.scheme?.lowercased() {
    case "https": return nil
    case "http": return Loopback.contains(host) ? nil : "'http' towards \(host)"
    default: return "is neither https nor http"
    }
  }
}

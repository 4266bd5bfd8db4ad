import Engine
import MailModel
import Storage

extension SampleWorkspace {
  /// One in its second week that has used its limit up, one that is paused, one that is new.
  func addInboxes() throws {
    let now = clock.now()
    try store.write { transaction in
      for (address, days) in [(SampleWorkspace.news, 10), (SampleWorkspace.shop, 200), ("fresh@sender.example", 0)] {
        let host = address.split(separator: "@").last.map(String.init) ?? address
        _ = try transaction.inboxes.add(
          NewInbox(
            address: address, displayName: "The \(address.prefix { $0 != "@" }) desk",
            smtp: MailServer(host: "smtp.\(host)", port: 465, security: .tls, username: address),
            imap: MailServer(host: "imap.\(host)", port: 993, security: .tls, username: address),
            startedAt: now - .days(Int64(days))))
      }
      if let news = try transaction.inboxes.get(address: SampleWorkspace.news) {
        try transaction.inboxes.noteHealth(news.id, health: 37, now: now)
      }
      guard let shop = try transaction.inboxes.get(address: SampleWorkspace.shop) else { return }
      _ = try transaction.inboxes.setPause(
        shop.id, version: nil,
        InboxPause(
          since: now, until: now + .days(2), reason: "the shop moves to a new server", by: "ben", isAutomatic: false))
    }
  }
}

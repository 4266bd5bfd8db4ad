import Engine
import Foundation
import MailFormats
import MailModel
import Storage
import Testing

/// Reports about messages of a test workspace, made by the composers that the sandbox uses.
extension TestWorkspace {
  struct Fate {
    var address: String
    var action: DSNAction = .failed
    var status = EnhancedStatus(5, 1, 1)
    var diagnostic = "550 5.1.1 no such user"
  }

  /// A DSN that returns the header of `id`, or `header` instead of it.
  func dsn(
    about id: Message.ID? = nil, _ fates: [Fate], to: String = "bounces@sender.invalid", header: String? = nil
  ) throws -> [UInt8] {
    try DSNComposer.compose(
      DSNDraft(
        reportingMTA: "mx.remote.invalid", to: Address(parsing: to), date: MailDate.format(open.clock.now()),
        messageID: "<\(UUID().uuidString)@mx.remote.invalid>",
        recipients: try fates.map {
          DSNDraft.Recipient(
            finalRecipient: try Address(parsing: $0.address), action: $0.action, status: $0.status,
            diagnostic: $0.diagnostic)
        }, originalHeader: try header.map { Array($0.utf8) } ?? returned(id)))
  }

  func complaint(
    about id: Message.ID? = nil, by recipient: String, to: String = "bounces@sender.invalid", header: String? = nil
  ) throws -> [UInt8] {
    try ARFComposer.compose(
      ARFDraft(
        from: Address(parsing: "fbl@provider.invalid"), to: Address(parsing: to),
        date: MailDate.format(open.clock.now()), messageID: "<\(UUID().uuidString)@provider.invalid>",
        userAgent: "Test/1", originalRecipients: [try Address(parsing: recipient)],
        originalHeader: try header.map { Array($0.utf8) } ?? returned(id)))
  }

  private func returned(_ id: Message.ID?) throws -> [UInt8] {
    let id = try #require(id)
    return try #require(try store.read { try $0.messages.body(of: id) })
  }

  /// `bounces+TOKEN@sender.invalid` for a message.
  func tokenAddress(_ id: Message.ID) throws -> String {
    let key = try #require(VERPKey(try TokenKey.read(from: open.workspace.keyPath)))
    return try VERPAddress.compose(
      base: Address(parsing: "bounces@sender.invalid"), token: VERPToken.sign(messageID: id, key: key)
    ).description
  }

  @discardableResult
  func scan(_ mailbox: FakeMailbox, keepsUnseen: Bool = false) throws -> MailboxScan.Summary {
    try open.scan(mailbox, keepsUnseen: keepsUnseen).run()
  }

  /// For whomever, for ever or not.
  func isSuppressed(_ address: String) throws -> Bool { try !store.read { try $0.suppressions.list(address) }.isEmpty }

  func account(_ address: String) throws -> Account {
    try #require(try store.read { try $0.accounts.get(address: address) })
  }
}

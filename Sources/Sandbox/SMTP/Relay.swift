internal import MailModel
internal import NIOCore

/// The relay behind all SMTP connections: takes messages, keeps the record and promises reports.
final class Relay: Sendable {
  let desk: RelayDesk
  let record: SandboxRecord
  let mailboxes: MailboxStore

  init(desk: RelayDesk, record: SandboxRecord, mailboxes: MailboxStore) {
    self.desk = desk
    self.record = record
    self.mailboxes = mailboxes
  }

  func note(_ connection: Int, _ text: String) {
    record.note("smtp#\(connection) \(text)", limit: desk.settings.keptLogLines)
  }

  /// Records the message, then schedules what its recipients send back.
  func take(_ message: TakenMessage, connection: Int, on loop: any EventLoop) {
    let original = OriginalMessage(message, hostName: desk.settings.hostName, takenAt: .now)
    record.took(
      AcceptedMessage(
        ordinal: 0, connection: connection, envelopeSender: message.envelope.sender,
        recipients: message.envelope.recipients.map(\.address), messageID: original.messageID,
        size: message.body.count, hash: AcceptedMessage.hash(of: message.body), body: nil, dotAt: original.takenAt,
        isUnanswered: message.isUnanswered),
      body: message.body, bounds: desk.settings)
    note(connection, "took \(original.messageID ?? "a message without Message-ID")")
    for recipient in message.envelope.recipients { promiseReport(about: original, recipient, on: loop) }
  }

  private func promiseReport(
    about original: OriginalMessage, _ recipient: Envelope.Recipient, on loop: any EventLoop
  ) {
    guard let report = SandboxReport(about: original, recipient) else { return }
    record.reportPromised()
    loop.scheduleTask(in: desk.reportDelay().amount) {
      do {
        self.mailboxes.deliver(try report.bytes(at: .now), for: report.addressee)
        self.record.reportEnded(delivered: true)
      } catch {
        self.record.note(
          "report about \(report.recipient) not written: \(error)", limit: self.desk.settings.keptLogLines)
        self.record.reportEnded(delivered: false)
      }
    }
  }
}

import MailModel
import Storage

extension Operation {
  /// Evidence from files: logs of our own relays, events of a provider.
  static let importOperations: [Operation] = [importRelayLog, importEvents]

  private static let file = Argument("file", "The path of the file.")

  private static let importRelayLog = Operation(
    id: "relay-log.import", title: "Import a relay's log",
    help:
      "Reads a Postfix log: what it shows in the relay's queue is settled as sent. Suppresses and restricts nobody.",
    target: .none,
    arguments: [
      file,
      Argument(
        "relay", "HOST:PORT of the relay that wrote it, when its name does not tell (docs/doubt.md).", isRequired: false
      ),
      .optionalReason,
    ],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    parts: { try RelayLogImport($1, timeZone: $0.inboxes.timeZone) })

  private static let importEvents = Operation(
    id: "events.import", title: "Import a provider's events",
    help: "Reads events of SES: they suppress, count complaints and settle doubt as reports in the mailbox do.",
    target: .none, arguments: [file, .optionalReason], role: .operator, confirmation: .yesNo,
    disabledReason: { _ in nil },
    parts: { context, request in
      guard let settings = try context.intake?() else {
        throw OperationRefusal.notNow("reports cannot be processed here")
      }
      return try ProviderEventImport(request, settings: settings)
    })
}

extension OpenWorkspace {
  /// `relay-log.import`, with its result in figures. - Throws: `OperationRefusal`, `ConfigurationError`, `StoreError`.
  public func importRelayLog(_ request: OperationRequest) throws -> RelayLogSummary {
    try operations.perform("relay-log.import", request, as: RelayLogImport.self).summary
  }

  /// `events.import`, with its result in figures. - Throws: `OperationRefusal`, `ConfigurationError`, `StoreError`.
  public func importEvents(_ request: OperationRequest) throws -> EventSummary {
    try operations.perform("events.import", request, as: ProviderEventImport.self).summary
  }
}

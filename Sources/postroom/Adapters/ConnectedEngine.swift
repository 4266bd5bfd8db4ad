import Engine
import MailModel

extension RunningEngine {
  /// An engine with everything that it reaches outside: relays, mailboxes, the web hook, name servers. A rehearsal, which
  /// reaches nothing, has one of its own.
  ///
  /// - Parameter command: who wants it, for the refusal.
  /// - Throws: `OperationRefusal` for whoever may not run one; `FileProblem`, `ConfigurationError`.
  static func connected(_ open: OpenWorkspace, for command: String) throws -> RunningEngine {
    if let refusal = open.refusal(of: command) { throw refusal }
    let configuration = open.workspace.configuration
    return try RunningEngine(
      open, relays: RelayDirectory(open), mailboxes: IMAPReportMailbox.all(configuration),
      inboxes: { try IMAPReportMailbox.inboxes(open) },
      webHook: CurlWebHook(caFile: configuration.caFile), exchangers: DNSExchangerLookup(configuration.exchangers))
  }
}

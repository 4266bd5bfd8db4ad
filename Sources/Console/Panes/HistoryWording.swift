import Engine
import MailModel
import TerminalUI

/// The doubt about a message and what happened to it besides attempts, as details.
enum HistoryWording {
  static func doubt(_ doubt: DoubtFacts, _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = [.blank, .heading("In doubt")]
    items += context.field("Since", at: doubt.since)
    items += [
      context.field("Relay", doubt.relay.isEmpty ? "unknown: its engine is gone" : doubt.relay),
      context.field("Peer", doubt.peer.isEmpty ? "unknown" : doubt.peer),
      context.field("Last command", doubt.lastCommand),
    ]
    items += context.field("Armed", at: doubt.armedAt)
    if doubt.evidence.isEmpty {
      items.append(context.field("Evidence", "none yet; \(DoubtFacts.settledBy)"))
    } else {
      items.append(.lines("Evidence", doubt.evidence.map { context.gate($0) }))
    }
    return items
  }

  /// Everything but what stands under attempts, reports and events already, newest first.
  static func changes(_ history: [HistoryEntry], _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = []
    for entry in history.reversed() {
      let moment = entry.at.map { context.moment($0) } ?? "some time"
      switch entry.kind {
      case .enqueued, .report, .event: continue
      case .attempt:
        guard let next = entry.nextAttemptAt else { continue }
        items.append(context.field(context.gate(moment), "\(entry.reason); next \(context.moment(next))"))
      case .change, .operation:
        let words = [entry.title, entry.reason, entry.reply, entry.by.isEmpty ? "" : "by \(entry.by)"]
        items.append(
          context.field(context.gate(moment), words.filter { !$0.isEmpty }.joined(separator: "; ")))
      }
    }
    return items.isEmpty ? [] : [.blank, .heading("History")] + items
  }
}

import Engine

/// A message's history as lines.
enum HistoryOutput {
  static func print(_ history: [HistoryEntry]) {
    Output.line("history:")
    for entry in history {
      Output.line("  \(entry.at.map { Clockface.text($0) } ?? "at an unknown moment")  \(entry.title)")
      let place = [entry.relay, entry.peer.isEmpty ? "" : "[\(entry.peer)]"].filter { !$0.isEmpty }
      for (label, value) in [
        ("relay", place.joined(separator: " ")), ("reply", entry.reply),
        (entry.kind == .enqueued ? "way in" : "then", entry.reason),
        ("next", entry.nextAttemptAt.map { Clockface.text($0) } ?? ""), ("by", entry.by),
      ] where !value.isEmpty {
        Output.line("      \(label): \(value)")
      }
    }
  }
}

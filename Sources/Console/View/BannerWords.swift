import Engine
import MailModel
import TerminalUI

/// The lines below the header while mail does not simply go out: since when, by whom, the proof that nothing leaves,
/// and why.
struct BannerWords {
  let state: ConsoleState

  /// Columns that a name from outside takes at most.
  private static let nameLimit = 16

  private var context: ViewContext { state.viewContext }

  /// Two lines: the facts, then why and what leads on from here.
  var lines: [StyledLine] {
    if let problem = state.stopObstacle {
      return band(
        [
          "NOT ON RECORD: only this process is stopped. End every other engine (SIGTERM)",
          "why: \(quoted(problem, limit: 300))",
        ],
        key: nil)
    }
    guard let overview = state.overview, let permit = overview.permit else {
      let words = state.trippedAt.map { "STOPPED at \(context.moment($0)); the store is being told" }
      // At the beginning nothing is wrong: it takes a moment.
      let isRead = state.overview != nil || state.storeProblem != nil
      let unknown = isRead ? "The send permit cannot be read: nothing is sent" : "The send permit is being read"
      return band([words ?? unknown, ""], key: nil)
    }
    let last = permit.lastAcceptedAt.map { "last acceptance \(context.moment($0))" } ?? "nothing accepted yet"
    let since = "since \(context.moment(permit.changedAt)) by \(quoted(permit.changedBy))"
    let why = "why: \(quoted(permit.reason, limit: 300))"
    switch state.permitState {
    case .stopped where permit.state != .stopped && state.trippedAt != nil:
      return band(["STOPPED: the store is being told; \(last)", "nothing is armed any more"], key: "reset")
    case .stopped where permit.state != .stopped:
      // No row says so yet, because the store is locked or it was just made: the latch file speaks for itself.
      let moment = overview.stop.since.map { "since \(context.moment($0))" } ?? "since an unknown moment"
      let by = overview.stop.by.map { " by \(quoted($0))" } ?? ""
      return band(
        ["STOPPED \(moment)\(by); \(last)", "why: \(quoted(overview.stop.reason, limit: 300))"], key: "reset")
    case .stopped: return band(["STOPPED \(since); \(permit.armedAtStop) armed then; \(last)", why], key: "reset")
    case .ready: return band(["READY \(since); nothing is sent yet; \(last)", why], key: "resume")
    case .ramping:
      let awaited = LadderWords.awaited(overview)
      return band(
        [
          // What it waits for first: a long name must not push it off the line.
          "RAMPING" + (awaited.map { ", \($0)," } ?? "") + " \(since); \(last)",
          overview.ladder.map(LadderWords.line) ?? "no rung",
        ],
        key: nil)
    case .open: return []
    }
  }

  private func band(_ lines: [String], key command: String?) -> [StyledLine] {
    let style: StyleName = state.permitState == .stopped ? .bannerStopped : .bannerReady
    let keys = command.map { state.keymap.keys(for: CommandInvocation($0), in: state.active.rawValue) } ?? []
    return lines.enumerated().map { row, words in
      var words = context.gate(" " + words)
      guard row == 1, let key = keys.first, let command else {
        return StyledLine([Span(words, style)], base: style)
      }
      let hint = context.gate("\(key.description) \(command)s ")
      words = words.truncated(to: max(0, state.size.columns - hint.width - 2), glyphs: context.glyphs)
      return StyledLine([Span(words, style)], right: [Span(hint, style)], base: style)
    }
  }

  /// Gated, cut and in quotes, so that it cannot pass for words of the program (fault 33).
  private func quoted(_ text: String, limit: Int = nameLimit) -> String {
    "\"\(VisibleText(text, glyphs: context.glyphs, limit: limit).text)\""
  }
}

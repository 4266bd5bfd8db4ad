import Engine
import MailModel
import TerminalUI

/// The line below the header while mail does not simply go out: since when, by whom, the proof that nothing leaves,
/// and why.
struct BannerWords {
  let state: ConsoleState

  /// Columns that a name from outside takes at most.
  private static let nameLimit = 16

  private var context: ViewContext { state.viewContext }

  var line: StyledLine {
    if let overview = state.overview, let permit = overview.permit { return line(overview, permit) }
    let words = state.trippedAt.map { "STOPPED at \(context.moment($0)); the store is being told" }
    return StyledLine(
      [Span(context.gate(" \(words ?? "The send permit cannot be read: nothing is sent")"), .bannerStopped)],
      base: .bannerStopped)
  }

  private func line(_ overview: Overview, _ permit: SendPermit) -> StyledLine {
    let last = permit.lastAcceptedAt.map { "last acceptance \(context.moment($0))" } ?? "nothing accepted yet"
    let since = context.moment(permit.changedAt)
    switch state.permitState {
    case .stopped where permit.state != .stopped:
      let why = state.trippedAt == nil ? "the latch file is there" : "the store is being told"
      return StyledLine([Span(context.gate(" STOPPED: \(why); \(last)"), .bannerStopped)], base: .bannerStopped)
    case .stopped:
      let facts = " STOPPED since \(since) by \(quoted(permit.changedBy)); \(permit.armedAtStop) armed then; \(last)"
      return StyledLine(
        [Span(context.gate(facts), .bannerStopped), why(permit)],
        right: [key("reset", " resets ")], base: .bannerStopped)
    case .ready:
      let facts = " READY since \(since) by \(quoted(permit.changedBy)); nothing is sent before resume; \(last)"
      return StyledLine(
        [Span(context.gate(facts), .bannerReady)], right: [key("resume", " resumes ")], base: .bannerReady)
    case .ramping:
      let rung = overview.rung.map {
        "rung \($0.number) of \($0.of): \(permit.acceptedOnRung) of \($0.target) accepted"
      }
      return StyledLine(
        [
          Span(
            context.gate(" RAMPING since \(since); \(rung ?? "no rung"); \(permit.refusedOnRung) refused; \(last)"),
            .bannerReady)
        ],
        base: .bannerReady)
    case .open: return StyledLine([], base: .bannerReady)
    }
  }

  private func why(_ permit: SendPermit) -> Span {
    Span(context.gate("; why: \(quoted(permit.reason, limit: 200))"), .bannerStopped)
  }

  private func quoted(_ text: String, limit: Int = nameLimit) -> String {
    "\"\(VisibleText(text, glyphs: context.glyphs, limit: limit).text)\""
  }

  private func key(_ command: String, _ label: VisibleText) -> Span {
    let key = state.keymap.keys(for: CommandInvocation(command), in: state.active.rawValue).first
    return Span(
      key.map { " " + context.gate($0.description) + label } ?? .empty,
      state.permitState == .stopped ? .bannerStopped : .bannerReady)
  }
}

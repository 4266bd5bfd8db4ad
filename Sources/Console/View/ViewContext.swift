import Engine
import MailModel
import TerminalUI

/// What drawing depends on besides the rows.
struct ViewContext: Sendable {
  let now: Timestamp
  let glyphs: GlyphSet
  /// What narrows the table; in the bounces pane it says which table.
  var filter = Filter.none
  /// A run that may send no more: what is due waits for it.
  var usedUpRun: LimitedRun?
  /// The key of a command in the open pane; without one, how it is typed.
  var keyWord: @Sendable (String) -> String = { ":\($0)" }

  /// The one way for text from outside onto the screen.
  func gate(_ text: String, limit: Int = 1_000) -> VisibleText { VisibleText(text, glyphs: glyphs, limit: limit) }

  func span(_ text: String, _ style: StyleName = .text) -> Span { Span(gate(text), style) }

  /// Words of our own that hold an arrow, which ASCII has not.
  func arrowed(_ text: String) -> VisibleText { gate(glyphs.isUnicode ? text : text.replacing("→", with: "->")) }

  /// `04:05:06` today, else with the date.
  func moment(_ moment: Timestamp) -> String { Clockface.short(moment, now: now) }

  /// `2026-12-21`, local.
  func day(_ moment: Timestamp) -> String { Clockface.day(moment) }

  /// `12 min`, or `in 3 h` for what is to come.
  func age(_ moment: Timestamp) -> String {
    moment > now ? "in \((moment - now).words)" : (now - moment).words
  }

  func field(_ label: VisibleText, _ value: String, _ style: StyleName = .text) -> Details.Item {
    .field(label, span(value, style))
  }

  /// A moment with its age; `nil` leaves the field out.
  func field(_ label: VisibleText, at moment: Timestamp?) -> [Details.Item] {
    guard let moment else { return [] }
    let away = moment > now ? "in \((moment - now).words)" : "\((now - moment).words) ago"
    return [field(label, "\(Clockface.text(moment)) (\(away))")]
  }

  /// The first lines of a stored message or report, byte by byte through the gate.
  func excerpt(_ bytes: [UInt8], lines: Int = 24) -> [Details.Item] {
    guard !bytes.isEmpty else { return [] }
    let all = bytes.split(separator: 10, maxSplits: lines, omittingEmptySubsequences: false)
    return [.blank, .heading("First lines")]
      + all.prefix(lines).map { line in
        let trimmed = line.last == 13 ? line.dropLast() : line
        return .note(Span(VisibleText(bytes: trimmed, glyphs: glyphs, limit: 400), .dim))
      }
  }
}

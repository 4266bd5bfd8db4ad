import Engine
import MailModel
import TerminalUI
import Testing

@testable import Console

/// What the header leaves out where there is no room.
@Suite struct HeaderTests {
  /// The limits of the rates go first, then a rate; the worst alert stays.
  @Test(arguments: [
    (120, " / 5 %", true), (60, " / 5 %", false), (60, "bounced", true),
  ])
  func theAlertStaysWhenRatesDoNotFit(columns: Int, part: String, isThere: Bool) throws {
    let workspace = try SampleWorkspace.morning()
    let screen = try TestScreen(workspace, columns: columns, rows: 24)
    let line = try #require(screen.text.split(separator: "\n").dropFirst().first)
    #expect(line.contains("▲ Bounce rate 11.5 % +"), "\(line)")
    #expect(line.contains(part) == isThere, "\(line)")
  }
}

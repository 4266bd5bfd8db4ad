import Engine
import Foundation
import MailModel
import Storage
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
    #expect(line.contains("▲ Complaint rate 33.3 % +"), "\(line)")
    #expect(line.contains(part) == isThere, "\(line)")
  }

  @Test func beforeTheStoreWasReadNothingIsCalledWrong() throws {
    var state = try TestScreen(SampleWorkspace.morning()).state
    state.overview = nil
    func words() -> String { BannerWords(state: state).lines.first?.left.map(\.text.text).joined() ?? "" }
    #expect(words().contains("is being read"))
    state.storeProblem = "the store is damaged"
    #expect(words().contains("cannot be read: nothing is sent"))
  }
}

/// What stands above a table of reports.
@Suite struct MailboxWordsTests {
  @Test func panesOfReportsSayThatAMailboxCouldNotBeRead() throws {
    let workspace = try SampleWorkspace.morning()
    let file = workspace.open.workspace.folder.appending(path: ".env")
    let lines =
      try String(contentsOf: file, encoding: .utf8) + "IMAP_HOST=localhost\nIMAP_USERNAME=reports@mail.example\n"
    try Data(lines.utf8).write(to: file)
    let open = try workspace.another()
    defer { open.close() }
    let name = try #require(open.workspace.configuration.mailboxes.first?.name)
    try open.store.write {
      try $0.mailboxes.noteScan(name, at: workspace.clock.now(), fetched: 0, error: "login refused")
    }
    let screen = try TestScreen(open, columns: 120, rows: 60)
    for pane in ["3", "4", "8"] {
      try screen.type(pane)
      #expect(screen.text.contains("mailbox not read at 05:23:20; w says why"), "\(screen.text)")
    }
    try screen.type("2")
    #expect(!screen.text.contains("mailbox not read"))
    try screen.type("w")
    #expect(screen.text.contains("report mailbox"), "\(screen.text)")
    try open.store.write {
      try $0.mailboxes.noteScan(name, at: workspace.clock.now(), fetched: 0, error: nil)
    }
    try screen.type("Esc 3 R")
    #expect(!screen.text.contains("mailbox not read"))
  }
}

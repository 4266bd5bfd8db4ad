import Engine
import Foundation
import TerminalUI
import Testing

@testable import Console

/// Checklists with a mistake, on screen.
@Suite struct ChecklistFileTests {
  private func workspace(breaking name: String) throws -> (SampleWorkspace, URL) {
    let workspace = try SampleWorkspace.morning()
    let file = workspace.open.workspace.folder.appending(path: "data/checklists/\(name)")
    try Data("id: x\nsteps: [\n".utf8).write(to: file)
    return (workspace, file)
  }

  @Test func aBrokenChecklistIsToldInItsPaneAndNowhereElse() throws {
    let (workspace, file) = try workspace(breaking: "morning.yaml")
    let screen = try TestScreen(workspace.another(), columns: 120, rows: 40)
    #expect(screen.text.contains("The checklist cannot be read"))
    #expect(screen.text.contains("morning.yaml, line 3: is no YAML"))
    #expect(screen.text.contains("as in the files shipped"))
    #expect(screen.state.storeProblem == nil)
    try screen.type("2")
    #expect(!screen.text.contains("morning.yaml"))
    try Data(SampleWorkspace.checklist.utf8).write(to: file)
    try screen.type("1 R")
    #expect(screen.text.contains("Messages in doubt") && !screen.text.contains("cannot be read"))
  }

  @Test func aCaseWithABrokenChecklistSaysWhyItHasNoSteps() throws {
    let (workspace, _) = try workspace(breaking: "case.yaml")
    let screen = try TestScreen(workspace.another(), columns: 120, rows: 40)
    try screen.type("5 Enter")
    #expect(screen.text.contains("their checklist cannot be read"), "\(screen.text)")
    try screen.type("/")
    try screen.write("steps")
    try screen.type("Enter")
    #expect(
      screen.text.contains("The steps cannot be read") && screen.text.contains("YAML"), "\(screen.text)")
    #expect(screen.state.storeProblem == nil)
  }
}

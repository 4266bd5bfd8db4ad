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

  @Test func aRunIsOfTheStepsThatItBeganWith() throws {
    let workspace = try SampleWorkspace.morning()
    _ = try workspace.open.operations.perform("checklist.start", OperationRequest())
    let began = try #require(try workspace.open.checklistToday())
    let file = workspace.open.workspace.folder.appending(path: "data/checklists/morning.yaml")
    var lines = SampleWorkspace.checklist.split(separator: "\n").map(String.init)
    let gone = try #require(lines.lastIndex { $0.hasPrefix("  - ") })
    lines.replaceSubrange(gone..., with: ["  - {id: coffee, title: Coffee, instruction: Drink., probe: none}"])
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    let screen = try TestScreen(workspace, columns: 120, rows: 40)
    let steps = try #require(screen.state.panes[.checklist]?.checklist).steps.map(\.id)
    #expect(steps == began.definition.steps.map(\.id) + ["coffee"], "the run's own first, also what the file lost")
    #expect(screen.text.contains("Coffee") && screen.text.contains("in the next run"))
    try screen.type("G x")
    #expect(screen.notice == "Tick: it came after this run began, and counts from the next one")
    try screen.type("g")
    for _ in began.definition.steps { try screen.type("x") }
    #expect(screen.text.contains("1 Checklist \(began.count)/\(began.count)"), "\(screen.text)")
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

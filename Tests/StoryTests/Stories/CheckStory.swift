import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Files of a workspace that are wrong, or that nothing reads, are named before anybody misses what they should do.
  @Suite struct Checks {
    private let sandbox = Sandbox()

    @Test func `a broken checklist is told by what needs it and by the check; everything else works`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "first"))
      let folder = "\(workspace.path)/data/checklists"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for name in ["case", "morning"] {
        try "id: \(name)\nsteps: [\n".write(toFile: "\(folder)/\(name).yaml", atomically: true, encoding: .utf8)
      }
      let calls = [
        ["status"], ["queue"], ["do", "queue.hold", "1", "--reason", "x"], ["engine", "--until-idle"], ["bounces-scan"],
        ["stop", "--reason", "drill"],
      ]
      for call in calls { try workspace.run(call) }
      let start = try workspace.run("do", "checklist.start", code: 78).said
      #expect(start.contains("checklists/morning.yaml, line 3: is no YAML") && start.contains("expected"), "\(start)")
      let said = try workspace.run("check", "--offline", code: 78).output
      for name in ["case", "morning"] { #expect(said.contains("FAILED   data/checklists/\(name).yaml: "), "\(said)") }
    }

    @Test func `the keymap that is checked is the workspace's own, if it has one`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.run("keys", "check")
      try "[*]\nh = :queue.hodl\n".write(toFile: "\(workspace.path)/keymaps.conf", atomically: true, encoding: .utf8)
      #expect(try workspace.run("keys", "check", code: 78).said.contains("queue.hodl"))
    }

    @Test func `check names the file that is wrong`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try FileManager.default.removeItem(atPath: "\(workspace.path)/token.key")
      let key = try workspace.run("check", "--offline", code: 78).output
      #expect(key.contains("FAILED   token.key: "), "\(key)")
      try FileManager.default.removeItem(atPath: "\(workspace.path)/operators")
      try FileManager.default.createDirectory(atPath: "\(workspace.path)/operators", withIntermediateDirectories: false)
      let roles = try workspace.run("check", "--offline", code: 78).output
      #expect(roles.contains("FAILED   workspace: \(workspace.path)/operators: cannot be read"), "\(roles)")
    }

    @Test func `check looks at what a workspace has of its own, and names what nothing reads`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let files = [
        "operators": "ann lead\nann watcher\n", "keymaps.conf": "[queue]\nH = :queue.hodl\n",
        "themes/own.conf": "inherit = drak\n", "data/shaping.yml": "", "data/contacts.yaml": "", "data/list.csv": "",
        "data/checklists/evening.yml": "", "data/templates/notices/restrict.mustache": "",
      ]
      for (name, text) in files {
        let file = URL(filePath: workspace.path).appending(path: name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      let windows = "\u{FEFF}[queue]\r\nH = :queue.hold  # hold\r\n"
      try Data(windows.utf8).write(to: URL(filePath: "\(workspace.path)/keys.conf"))
      try workspace.run("keys", "check", "\(workspace.path)/keys.conf")
      let said = try workspace.run("check", "--offline", code: 78).output
      for line in [
        "warning  operators: line 1: the same person", "warning  operators: nobody is lead", "warning  keymaps.conf: ",
        "FAILED   themes/own.conf: ", "warning  data/shaping.yml: nothing reads it; expected shaping.yaml",
        "warning  data/contacts.yaml: nothing reads it; expected it beside .env",
        "warning  data/checklists/evening.yml: ",
        "warning  data/templates/notices/restrict.mustache: nothing reads it; expected education.mustache",
      ] { #expect(said.contains(line), "\(line) not in \(said)") }
      #expect(!said.contains("list.csv"), "\(said)")
    }
  }
}

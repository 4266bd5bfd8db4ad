import Foundation
import TestSupport
import Testing

extension Stories {
  /// Operators read, extend and test the bounce rules through `postroom classify`.
  @Suite struct Classify {
    private let folder: TemporaryFolder
    private var mail: String { "\(folder.path)/report.eml" }

    init() throws {
      folder = try TemporaryFolder()
      let text =
        "From: MAILER-DAEMON@there.example\r\nReturn-Path: <>\r\nSubject: failure notice\r\n\r\n<ann@there.example>:\r\n550 No such user, the desk is closed\r\n"
      try Data(text.utf8).write(to: URL(filePath: mail))
    }

    private func classify(_ arguments: String...) throws -> Program {
      let program = try Program(
        StoryWorkspace.binary, ["classify", "--workspace", folder.path] + arguments, environment: [:])
      _ = program.wait()
      return program
    }

    private func writeRules(_ text: String) throws {
      try FileManager.default.createDirectory(atPath: "\(folder.path)/data", withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/data/bounce-rules.conf"))
    }

    @Test func `a rule of the workspace changes what is said, and the line that decided is named`() throws {
      let shipped = try classify("--explain", mail)
      #expect(shipped.output.contains("ann@there.example: failed, hard, user unknown"), "\(shipped.said)")
      #expect(shipped.output.contains("rule: user-unknown"))
      try writeRules(
        "[desk-closed]\nreason = mailbox disabled\n- the desk is closed\nexample = 550 the desk is closed\n")
      let own = try classify("--explain", mail)
      #expect(own.output.contains("ann@there.example: failed, soft, mailbox disabled"), "\(own.said)")
      #expect(own.output.contains("rule: desk-closed"))
      #expect(own.output.contains("line: 550 No such user, the desk is closed"))
      #expect(try classify("--json", mail).output.contains(#""class":"soft""#))
    }

    @Test func `an empty file is a mail without anything, and what cannot be read is told`() throws {
      try Data().write(to: URL(filePath: "\(folder.path)/empty.eml"))
      let empty = try classify("--json", "\(folder.path)/empty.eml")
      #expect(empty.wait() == .exited(0) && empty.output.contains(#""kind":"other""#), "\(empty.said)")
      let others = try classify("--json", "\(folder.path)/none.eml", mail, folder.path)
      #expect(others.wait() == .exited(65) && others.output.contains(#""kind":"bounce""#), "\(others.said)")
      let one = try classify("\(folder.path)/none.eml")
      #expect(one.wait() == .exited(74) && one.errors.contains("none.eml: No such file"), "\(one.said)")
      let none = try classify("\(folder.path)/none.eml", folder.path)
      #expect(none.wait() == .exited(74) && none.errors.contains("Is a directory"), "\(none.said)")
      #expect(others.errors.contains("none.eml: No such file") && others.errors.contains("Is a directory"))
    }

    @Test func `the examples are tried, and a mistake is told with its line`() throws {
      #expect(try classify("--check-rules").output.contains("all hold"))
      try writeRules("[late]\nreason = mailbox disabled\nweak = yes\n- closed\nexample = 550 user unknown, closed\n")
      let failed = try classify("--check-rules")
      #expect(failed.wait() == .exited(65))
      #expect(failed.errors.contains("rule late"), "\(failed.said)")
      try writeRules("[late]\nreason = nonsense\n")
      let wrong = try classify("--check-rules")
      #expect(wrong.wait() != .exited(0))
      #expect(wrong.errors.contains("data/bounce-rules.conf, line 2"), "\(wrong.said)")
    }
  }
}

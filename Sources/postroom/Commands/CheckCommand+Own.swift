import Console
import Engine
import Foundation
import MailModel
import TerminalUI

/// What a workspace has of its own: roles, keys, themes, and files that nothing reads.
extension CheckCommand {
  func roles(_ open: OpenWorkspace) -> [Finding] {
    var findings = open.operators.idleLines.map {
      Finding(
        subject: "operators", verdict: .warning,
        detail: "line \($0): the same person stands again further down; this line does nothing")
    }
    if open.operators.holders(of: .lead).isEmpty {
      findings.append(
        Finding(
          subject: "operators", verdict: .warning,
          detail:
            "nobody is lead: nobody can change roles or inboxes; write a line 'USER lead' into \(open.workspace.operatorsPath)"
        ))
    }
    return findings
      + [Finding(subject: "role", verdict: .ok, detail: "you are \(open.actor.name), \(open.actor.role.name)")]
  }

  /// In place of what cannot be read the console opens with what is shipped, and says so.
  func looks(_ open: OpenWorkspace) -> [Finding] {
    let folder = open.workspace.folder
    var findings: [Finding] = []
    if FileManager.default.fileExists(atPath: folder.appending(path: "keymaps.conf").path) {
      findings += found("keymaps.conf") {
        try KeymapFile.read(nil, workspace: folder).issues(against: ConsoleVocabulary.vocabulary).map { "\($0)" }
      }
    }
    for name in names(in: "themes", of: open) where name.hasSuffix(".conf") {
      findings += found("themes/\(name)") {
        _ = try ThemeFile.read(String(name.dropLast(".conf".count)), workspace: folder)
        return []
      }
    }
    return findings
  }

  private func found(_ subject: String, _ issues: () throws -> [String]) -> [Finding] {
    do {
      let issues = try issues()
      if issues.isEmpty { return [Finding(subject: subject, verdict: .ok, detail: "understood")] }
      return issues.map { Finding(subject: subject, verdict: .warning, detail: $0) }
    } catch {
      return "\(error)".split(separator: "\n").map { Finding(subject: subject, verdict: .failed, detail: "\($0)") }
    }
  }

  /// Misnamed files: what they say counts for nothing, and nobody would hear of it.
  func strays(_ open: OpenWorkspace) -> [Finding] {
    let rules = ["shaping.yaml", "retry.yaml", "bounce-rules.conf"]
    let notices = NoticeDesk.templateKinds.map { "\($0).mustache" }
    let written = [".yaml", ".yml", ".conf"]
    let strays =
      names(in: "data", of: open).filter { name in !rules.contains(name) && written.contains(where: name.hasSuffix) }
      .map { ("data/\($0)", $0 == "contacts.yaml" ? "it beside .env" : rules.joined(separator: ", ")) }
      + names(in: "data/checklists", of: open).filter { !$0.hasSuffix(".yaml") }
      .map { ("data/checklists/\($0)", "NAME.yaml") }
      + names(in: "data/templates/notices", of: open).filter { !notices.contains($0) }
      .map { ("data/templates/notices/\($0)", notices.joined(separator: ", ")) }
    return strays.map { Finding(subject: $0, verdict: .warning, detail: "nothing reads it; expected \($1)") }
  }

  /// Files in a folder of the workspace by name; what editors leave behind is left out.
  private func names(in folder: String, of open: OpenWorkspace) -> [String] {
    let path = open.workspace.folder.appending(path: folder).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }.sorted()
  }
}

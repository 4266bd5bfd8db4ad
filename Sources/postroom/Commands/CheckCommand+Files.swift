import Engine
import MailModel

/// The files that people write, each with what is wrong in it.
extension CheckCommand {
  /// The files that decide how mail is sent and understood; the engine does not start with a broken one.
  func rules(_ open: OpenWorkspace) -> [Finding] {
    let files: [(String, () throws -> Any)] = [
      ("data/shaping.yaml", open.shaping), ("data/retry.yaml", open.retrySchedule),
      ("data/bounce-rules.conf", open.bounceRules), ("token.key", { try TokenKey.read(from: open.workspace.keyPath) }),
    ]
    return files.map { name, read in
      do {
        _ = try read()
        return Finding(subject: name, verdict: .ok, detail: "understood")
      } catch {
        return Finding(subject: name, verdict: .failed, detail: "\(error)")
      }
    }
  }

  func checklists(_ open: OpenWorkspace) -> [Finding] {
    do {
      return try open.checklistProblems().map { file, problem in
        Finding(
          subject: "data/checklists/\(file)", verdict: problem == nil ? .ok : .failed,
          detail: problem.map { "\($0)" } ?? "understood")
      }
    } catch { return [Finding(subject: "data/checklists", verdict: .failed, detail: "\(error)")] }
  }

  /// Who is asked and who is told at 2 am; nothing here keeps the mail from going.
  func desk(_ open: OpenWorkspace) -> [Finding] {
    var findings: [Finding] = []
    do {
      let contacts = try open.contacts()
      findings.append(
        Finding(
          subject: "contacts.yaml", verdict: contacts.isSample ? .warning : .ok,
          detail: contacts.isSample
            ? "only the sample that is shipped: nobody real is named on cases and alerts" : "understood"))
    } catch {
      findings.append(Finding(subject: "contacts.yaml", verdict: .failed, detail: "\(error)"))
    }
    let configuration = open.workspace.configuration
    let channels =
      (configuration.notices.from.isEmpty ? [] : ["e-mail from \(configuration.notices.from)"])
      + (configuration.notices.webHookURL.reveal().isEmpty ? [] : ["web hook"])
    let templates = open.notices.templateProblems()
    findings += templates.map { kind, problem in
      Finding(subject: "data/templates/notices/\(kind).mustache", verdict: .failed, detail: problem)
    }
    if templates.isEmpty {
      findings.append(Finding(subject: "data/templates/notices", verdict: .ok, detail: "understood"))
    }
    findings.append(
      Finding(
        subject: "notices", verdict: channels.isEmpty ? .warning : .ok,
        detail: channels.isEmpty
          ? "no channel is configured (NOTICE_FROM, NOTICE_WEBHOOK_URL): nobody is told of decisions"
          : channels.joined(separator: " and ")))
    return findings
  }
}

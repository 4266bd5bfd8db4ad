import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage
import Transport

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check configuration, store, relay and mailbox.",
    discussion: "Connects to relay and mailbox step by step (TCP, TLS, login). Never prints a secret.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "One JSON object a finding.") var json = false
  @Flag(help: "Leave relay and mailbox alone.") var offline = false

  /// One line of the result.
  struct Finding: Encodable {
    enum Verdict: String, Encodable { case ok, warning, failed }
    var subject: String
    var verdict: Verdict
    var detail: String
  }

  func run() throws {
    let workspace = try global.read()
    var findings = [
      Finding(subject: "configuration", verdict: .ok, detail: workspace.folder.appending(path: ".env").path)
    ]
    findings += unknownKeys(workspace) + example(workspace) + authorities(workspace)
    let local = findings + store(workspace)
    for finding in local { try show(finding) }
    let remote = offline ? [] : probes(workspace.configuration)
    for finding in remote { try show(finding) }
    if local.contains(where: { $0.verdict == .failed }) { throw ExitStatus.configuration.code }
    if remote.contains(where: { $0.verdict == .failed }) { throw ExitStatus.unavailable.code }
  }

  private func show(_ finding: Finding) throws {
    if json { return try Output.json(finding) }
    let mark = finding.verdict == .ok ? "ok     " : finding.verdict == .warning ? "warning" : "FAILED "
    Output.line("\(mark)  \(finding.subject): \(finding.detail)")
  }

  private func unknownKeys(_ workspace: Workspace) -> [Finding] {
    let idle = workspace.overriddenLines.map {
      Finding(
        subject: ".env", verdict: .warning,
        detail: "line \($0.line): \($0.key) is set again further down; this line does nothing")
    }
    let outspelt = workspace.outspeltLines.map {
      Finding(
        subject: ".env", verdict: .warning,
        detail: "line \($0.line): \($0.key) is another spelling of \($0.by), which counts; this line does nothing")
    }
    return idle + outspelt
      + workspace.unknownKeys.map {
        Finding(subject: ".env", verdict: .warning, detail: "line \($0.line): nothing reads \($0.key); is it misspelt?")
      }
  }

  /// `.env.example` of the workspace against the keys this program knows.
  private func example(_ workspace: Workspace) -> [Finding] {
    let path = workspace.folder.appending(path: ".env.example").path
    guard let data = FileManager.default.contents(atPath: path) else {
      return [Finding(subject: ".env.example", verdict: .warning, detail: "missing; 'postroom docs env' prints it")]
    }
    return String(decoding: data, as: UTF8.self) == EnvExample.text
      ? [Finding(subject: ".env.example", verdict: .ok, detail: "up to date")]
      : [
        Finding(subject: ".env.example", verdict: .warning, detail: "not this version's; 'postroom docs env' prints it")
      ]
  }

  /// Without them no TLS connection is made, to relay or mailbox.
  private func authorities(_ workspace: Workspace) -> [Finding] {
    do throws(ConfigurationError) {
      guard let count = try workspace.authorities() else { return [] }
      let detail = "\(Amount.words(count, "authority", many: "authorities")) in \(workspace.configuration.caFile)"
      return [Finding(subject: "EMAIL_CA_FILE", verdict: .ok, detail: detail)]
    } catch { return [Finding(subject: "EMAIL_CA_FILE", verdict: .failed, detail: "\(error)")] }
  }

  private func store(_ workspace: Workspace) -> [Finding] {
    do {
      let open = try global.open()
      defer { open.close() }
      let faults = try open.store.integrityCheck()
      let overview = try open.overview()
      var findings = faults.prefix(5).map { Finding(subject: "store", verdict: .failed, detail: $0) }
      if faults.isEmpty {
        findings.append(Finding(subject: "store", verdict: .ok, detail: "\(workspace.storePath) is sound"))
      }
      findings.append(disk(workspace))
      findings.append(
        Finding(
          subject: "sending", verdict: overview.maySend ? .ok : .warning,
          detail: "\(overview.stopState): \(overview.stop.reason)"))
      findings += rules(open) + checklists(open) + desk(open) + looks(open) + strays(open) + roles(open)
      return findings
    } catch {
      return [Finding(subject: error is StoreError ? "store" : "workspace", verdict: .failed, detail: "\(error)")]
    }
  }

  private func disk(_ workspace: Workspace) -> Finding {
    guard let room = DiskRoom(of: workspace.stateFolder.path) else {
      return Finding(subject: "disk", verdict: .warning, detail: "it could not be asked how full it is")
    }
    // A share says little about a large disk; without room nothing can be recorded.
    let verdict: Finding.Verdict = room.free < 16e6 ? .failed : room.verdict == .ok ? .ok : .warning
    return Finding(subject: "disk", verdict: verdict, detail: room.words)
  }

  private func probes(_ configuration: Configuration) -> [Finding] {
    var findings: [Finding] = []
    for (index, relay) in ([configuration.relay] + configuration.fallbackRelays).enumerated() {
      let subject = index == 0 ? "relay" : "fallback \(index)"
      let steps = ConnectionProbe.smtp(SMTPDeliverer(relay, configuration, clock: SystemClock()).settings)
      findings += steps.map { finding(subject, $0) }
    }
    let mailboxes = IMAPReportMailbox.all(configuration)
    for (index, mailbox) in mailboxes.enumerated() {
      let subject = index == 0 ? "mailbox" : "mailbox \(index + 1)"
      findings += ConnectionProbe.imap(mailbox.settings, mailbox: mailbox.mailbox).map { finding(subject, $0) }
    }
    if mailboxes.isEmpty {
      findings.append(
        Finding(subject: "mailbox", verdict: .warning, detail: "none configured (IMAP_HOST); reports are not read"))
    }
    return findings
  }

  private func finding(_ server: String, _ step: ProbeStep) -> Finding {
    Finding(
      subject: "\(server) \(step.name.rawValue)",
      verdict: step.verdict == .failed ? .failed : step.verdict == .skipped ? .warning : .ok,
      detail: step.detail)
  }
}

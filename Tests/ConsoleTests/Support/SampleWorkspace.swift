import Engine
import Foundation
import Logging
import MailFormats
import MailModel
import MailPolicy
import Storage
import Synchronization

/// A clock that stands still until it is moved.
final class ManualClock: Clock {
  private let moment: Mutex<Timestamp>
  init(_ start: Timestamp) { moment = Mutex(start) }
  func now() -> Timestamp { moment.withLock { $0 } }
  func advance(_ span: MailModel.Span) { moment.withLock { $0 = $0 + span } }
}

/// A real workspace in a temporary folder, the same in every run: 2026-11-21, UTC, a fixed clock.
final class SampleWorkspace {
  static let start = Timestamp(seconds: 1_795_238_000)
  /// Local times on screen must not depend on where the tests run.
  private static let isUTC: Bool = {
    setenv("TZ", "UTC", 1)
    tzset()
    return true
  }()

  let parent: URL
  let open: OpenWorkspace
  let clock = ManualClock(start)
  private var reports: UInt32 = 0

  init(role: Role = .lead) throws {
    precondition(SampleWorkspace.isUTC)
    parent = FileManager.default.temporaryDirectory.appending(path: "console-\(UUID().uuidString)")
    let folder = parent.appending(path: "newsroom")
    _ = try WorkspaceCreation.create(
      at: folder,
      settings: ["EMAIL_SMTP_HOST": "localhost", "EMAIL_SMTP_TLS": "none", "EMAIL_SMTP_PORT": "2525"],
      owner: SampleWorkspace.person(.lead), now: clock.now())
    let place = folder.appending(path: "data/checklists")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try Data(SampleWorkspace.checklist.utf8).write(to: place.appending(path: "morning.yaml"))
    try FileManager.default.copyItem(
      at: TestScreen.repository.appending(path: "data/checklists/case.yaml"), to: place.appending(path: "case.yaml"))
    open = try SampleWorkspace.open(folder, role: role, clock: clock)
  }

  deinit {
    open.close()
    do { try FileManager.default.removeItem(at: parent) } catch { print("left behind: \(parent.path)") }
  }

  static func person(_ role: Role) -> Actor { Actor(name: "tess", role: role, origin: "desk:1") }

  static func open(_ folder: URL, role: Role, clock: any Clock) throws -> OpenWorkspace {
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return try OpenWorkspace(
      try Workspace(folder: folder, environment: [:]), dataFolder: folder.appending(path: "data"), log: quiet,
      clock: clock, actor: person(role))
  }

  /// The same workspace as another process opens it.
  func another(role: Role = .lead) throws -> OpenWorkspace {
    try SampleWorkspace.open(open.workspace.folder, role: role, clock: clock)
  }

  var store: Store { open.store }

  @discardableResult
  func enqueue(_ recipient: String, from sender: String, subject: String) throws -> Message.ID {
    try store.write { try insert(recipient, from: sender, subject: subject, in: $0) }
  }

  /// Many at once, in one transaction.
  func enqueue(_ numbers: ClosedRange<Int>, from sender: String) throws {
    try store.write { transaction in
      for number in numbers {
        try insert("r\(number)@mail.example", from: sender, subject: "News \(number)", in: transaction)
      }
    }
  }

  @discardableResult
  private func insert(
    _ recipient: String, from sender: String, subject: String, in transaction: Transaction
  ) throws -> Message.ID {
    let raw = "From: <\(sender)>\r\nTo: <\(recipient)>\r\nSubject: \(subject)\r\n\r\nGood morning,\r\nnews for you.\r\n"
    let submission = Submission(
      source: "enqueue", idempotencyKey: "\(sender)/\(recipient)", accountAddress: sender, envelopeSender: sender,
      recipient: recipient, messageID: "<\(recipient.prefix { $0 != "@" })@sender.example>", subject: subject,
      body: Array(raw.utf8), bodyHash: Array(repeating: 7, count: 32))
    let account = try transaction.accounts.getOrCreate(sender, now: clock.now())
    let state: MessageState = account.standing == .restricted ? .held : .queued
    let insertion = try transaction.messages.insert(
      submission, account: account.id, state: state, reason: state == .held ? "account restricted" : "enqueued",
      now: clock.now())
    guard case .inserted(let id) = insertion else { throw StoreError.other("not inserted: \(insertion)") }
    return id
  }

  /// Takes everything that is queued through one attempt that ends so, with its attempt row and tally.
  func attempt(_ ending: MessageTransition, code: Int?, _ status: EnhancedStatus?, _ text: String) throws {
    let now = clock.now()
    try store.write { transaction in
      let leased = try transaction.messages.claim(
        limit: 1_000, owner: "desk:1#1", now: now, leaseUntil: now + .minutes(5))
      let leases = leased.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "desk:1#1", now: now, leaseUntil: now + .minutes(5))
      for lease in leases {
        _ = try transaction.messages.finish(
          lease, transition: ending, reason: text, now: now,
          nextAttemptAt: ending == .deferArmed ? now + .minutes(15) : nil, countsAttempt: true)
        try transaction.attempts.append(
          Attempt(
            id: 0, messageID: lease.id, epoch: lease.epoch, relay: "localhost:2525",
            outcome: SampleWorkspace.outcome(ending), stage: .dot, replyCode: code, enhancedStatus: status, text: text,
            renderedAt: now, armedAt: now, repliedAt: code == nil ? nil : now))
      }
      try noteInsight(leased, ending, code: code, status, text, in: transaction)
      let tally = [MessageTransition.accept: "accepted", .refuse: "refused"][ending]
      if let tally { try transaction.tallies.add(tally, count: leases.count, at: now) }
      if ending == .accept { try transaction.permit.noteOutcome(accepted: leases.count, refused: 0, now: now) }
    }
  }

  /// What a real engine counts besides: latencies of a fast relay, and reasons.
  private func noteInsight(
    _ messages: [LeasedMessage], _ ending: MessageTransition, code: Int?, _ status: EnhancedStatus?, _ text: String,
    in transaction: Transaction
  ) throws {
    for (index, message) in messages.enumerated() {
      for (stage, scale) in [("arm", 1), ("reply", 20), ("total", 22), ("queue", 400)] where code != nil {
        let taken = Span.milliseconds(Int64(scale * (1 + index % 3)))
        try transaction.latencies.add(stage: stage, bin: LatencyBins.index(of: taken), count: 1, at: clock.now())
      }
      guard ending != .accept else { continue }
      let domain = message.recipient.drop { $0 != "@" }.dropFirst()
      try transaction.deliveryReasons.add(
        .init(
          domain: String(domain), outcome: SampleWorkspace.outcome(ending), replyCode: code,
          enhancedStatus: status?.description ?? "", shape: ReplyShape.of(text)), count: 1, at: clock.now())
    }
  }

  private static func outcome(_ ending: MessageTransition) -> String {
    switch ending {
    case .accept: "accepted"
    case .refuse: "refused"
    case .doubt: "uncertain"
    default: "deferred"
    }
  }

  /// Stores a mail as if it had been fetched, and processes it.
  func receive(_ raw: [UInt8]) throws {
    reports += 1
    let location = MailboxLocation(mailbox: "reports@localhost/INBOX", uidValidity: 7, uid: reports)
    _ = try store.write { try $0.reports.store(location, raw: raw, receivedAt: clock.now()) }
    _ = try ReportIntake(
      store: store, rules: try BounceRuleFiles.read(dataFolder: Self.shippedData, workspace: nil),
      tokenKey: try TokenKey.read(from: open.workspace.keyPath),
      restriction: open.workspace.configuration.restriction, caseSteps: { [open] in try open.caseSteps() },
      clock: clock, owner: "desk:1"
    ).processStored()
  }

  /// The data that is shipped, found from this file.
  private static var shippedData: URL {
    var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.appending(path: "data")
  }

  static let checklist = """
    id: morning
    title: Morning checklist
    steps:
      - id: stop
        title: Sending is allowed
        instruction: Read the send state in the header. Fine when it is open.
        probe: emergency-stop
        source: "Runbook, Morning Check"
      - id: accounts
        title: Review flagged accounts
        instruction: Open every account with three complaints or more and decide.
        probe: flagged-accounts
      - id: doubt
        title: Messages in doubt
        instruction: Look for evidence for each uncertain message, then settle it.
        probe: uncertain
      - id: notes
        title: Read the hand-off
        instruction: Read what the last shift left, and sign it.
        probe: none
    """
}

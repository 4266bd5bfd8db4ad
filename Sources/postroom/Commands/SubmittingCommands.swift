import ArgumentParser
import Engine
import Foundation
import MailFormats
import MailModel
import Storage

struct EnqueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enqueue", abstract: "Put messages (.eml) into the queue.",
    discussion: """
      One message a file, '-' for standard input; recipients from To, Cc and Bcc unless --to is given. When it returns, \
      what it says is queued is on the disk. The same file is queued once, however often it is given; --key names a \
      key of your own.
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Files, or '-'.") var files: [String]
  @Option(help: "The sending account (default: the address in From).") var account: String?
  @Option(help: "Idempotency key (default: the content's hash).") var key: String?
  @Option(help: "The campaign it belongs to, for limits, pauses and filters.") var campaign: String = ""
  @Option(name: .customLong("to"), help: "Recipients instead of those in the header.") var recipients: [String] = []
  @Flag(help: "One JSON object a recipient.") var json = false

  struct Record: Encodable {
    var file: String
    var recipient: String
    var messageID: String
    var id: Int64
    var result: String
  }

  func run() throws {
    let addresses = try recipients.map { try Input.address($0, of: "--to") }
    try global.with { open in
      let submitter = Submitter(
        store: open.store, clock: open.clock, actor: open.actor, host: ProcessInfo.processInfo.hostName)
      var refused = 0
      for batch in stride(from: 0, to: files.count, by: 200).map({ files[$0..<min($0 + 200, files.count)] }) {
        refused += try enqueue(Array(batch), submitter, addresses)
      }
      if refused > 0 { throw ExitStatus.dataRefused.code }
    }
  }

  /// - Returns: how many files were refused, each with its reason on standard error.
  private func enqueue(_ batch: [String], _ submitter: Submitter, _ addresses: [Address]) throws -> Int {
    var prepared: [(file: String, submissions: [Submission])] = []
    var refused = 0
    for file in batch {
      do {
        var request = Submitter.Request(
          source: "enqueue", raw: try Input.bytes(of: file), recipients: addresses.isEmpty ? nil : addresses,
          account: account, idempotencyKey: key)
        request.campaign = campaign
        prepared.append((file, try submitter.prepare(request)))
      } catch {
        refused += 1
        Output.error(error is FileProblem ? "\(error)" : "\(file): \(error)")
      }
    }
    do {
      let acknowledged = try submitter.store(prepared.flatMap(\.submissions))
      try show(zip(prepared.flatMap { entry in entry.submissions.map { _ in entry.file } }, acknowledged))
    } catch is SubmissionError {
      // One conflict undoes its transaction; the files are taken one by one to tell which.
      for entry in prepared {
        do {
          try show(zip(entry.submissions.map { _ in entry.file }, try submitter.store(entry.submissions)))
        } catch let error as SubmissionError {
          refused += 1
          Output.error("\(entry.file): \(error)")
        }
      }
    }
    return refused
  }

  private func show(_ results: some Sequence<(String, Submitter.Acknowledgement)>) throws {
    for (file, acknowledgement) in results {
      let (id, isNew): (Int64, Bool) =
        switch acknowledgement.insertion {
        case .inserted(let id): (id, true)
        case .duplicate(let id), .conflict(let id): (id, false)
        }
      let result = isNew ? acknowledgement.state.rawValue : "queued before"
      if json {
        try Output.json(
          Record(
            file: file, recipient: acknowledgement.recipient, messageID: acknowledgement.messageID, id: id,
            result: result))
      } else {
        Output.line("\(file): \(acknowledgement.recipient) \(result) as \(id)")
      }
    }
  }
}

/// Reading what commands are given.
enum Input {
  /// - Throws: `RefusedAddress`, which names the address and where it was given.
  static func address(_ text: String, of place: String) throws -> Address {
    do { return try Address(parsing: text) } catch {
      throw RefusedAddress(description: "\(place): '\(text)' is no address: \(error)")
    }
  }

  /// The bytes of a file, or of standard input for `-`; no more than one beyond `limit`.
  static func bytes(of file: String, limit: Int = CanonicalMessage.maximumLength) throws -> [UInt8] {
    guard file != "-" else { return standardInput() }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
      throw FileProblem(path: file, code: ENOENT)
    }
    guard !isFolder.boolValue else { throw FileProblem(path: file, code: EISDIR) }
    guard let handle = FileHandle(forReadingAtPath: file) else { throw FileProblem(path: file, code: EACCES) }
    defer { try? handle.close() }
    // An empty file has nothing to read, which is no error.
    do { return Array(try handle.read(upToCount: limit + 1) ?? Data()) } catch {
      throw FileProblem(path: file, code: EIO)
    }
  }

  static func standardInput() -> [UInt8] {
    Array((try? FileHandle.standardInput.read(upToCount: CanonicalMessage.maximumLength + 1)) ?? Data())
  }
}

struct SendmailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sendmail", abstract: "Stand in for sendmail: reads a message from standard input.",
    discussion:
      "Understands -t, -i, -f SENDER, -F NAME, -o…, -B…, -N…, -R…, -V…, -bm, -v, -U and recipients. Silent when all is well."
  )

  @Argument(parsing: .captureForPassthrough, help: "sendmail's own flags and recipients.")
  var arguments: [String] = []

  func run() throws {
    let call = try SendmailCall(arguments)
    var raw = Input.standardInput()
    if !call.ignoresDots { raw = SendmailCall.upToLoneDot(raw) }
    // Parsed, not made: only parsing gives every option its default.
    let global = try GlobalOptions.parse(call.workspace.map { ["--workspace", $0] } ?? [])
    try global.with { open in
      let submitter = Submitter(
        store: open.store, clock: open.clock, actor: open.actor, host: ProcessInfo.processInfo.hostName)
      raw = try call.withSender(raw, open.workspace.configuration)
      let named = call.readsHeader ? try SubmissionHeader(parsing: raw).recipients : []
      let request = Submitter.Request(
        source: "sendmail", raw: raw, recipients: named + call.recipients.filter { !named.contains($0) },
        envelopeSender: call.sender, idempotencyKey: UUID().uuidString)
      _ = try submitter.store(try submitter.prepare(request))
    }
  }
}

/// An address on a command line that is none.
struct RefusedAddress: Error, CustomStringConvertible {
  var description: String
}

/// A command line as programs give it to sendmail.
struct SendmailCall {
  var readsHeader = false
  var ignoresDots = false
  var sender: Address?
  var recipients: [Address] = []
  var workspace: String?

  /// Flags whose value may be the next word.
  private static let withValue = [
    "-f", "-r", "-F", "-B", "-N", "-R", "-V", "-L", "-X", "-h", "-O", "-p", "--workspace",
  ]

  /// - Throws: `RefusedAddress`, `ValidationError`.
  init(_ arguments: [String]) throws {
    var words = arguments[...]
    var onlyRecipients = false
    while let word = words.popFirst() {
      if onlyRecipients || !word.hasPrefix("-") {
        recipients += try AddressList.parse(word).map { try Input.address($0.address, of: "recipient") }
      } else if word == "--" {
        onlyRecipients = true
      } else if ["-bs", "-bp", "-bd", "-bi", "-q"].contains(word) {
        throw ValidationError(
          "sendmail \(word) is not offered here; this stand-in takes one message from standard input")
      } else if word == "-i" || word == "-oi" {
        ignoresDots = true
      } else if word.hasPrefix("-t") {
        readsHeader = true
        ignoresDots = ignoresDots || word.contains("i")
      } else if let flag = SendmailCall.withValue.first(where: { word == $0 || (word.hasPrefix($0) && $0.count == 2) })
      {
        let value = word == flag ? words.popFirst() ?? "" : String(word.dropFirst(2))
        if flag == "-f" || flag == "-r" {
          sender = value.isEmpty || value == "<>" ? nil : try Input.address(value, of: flag)
        }
        if flag == "--workspace" { workspace = value }
      }
    }
    guard readsHeader || !recipients.isEmpty else {
      throw ValidationError("name recipients, or -t to read them from the header")
    }
  }

  /// A message without From gets one: the -f sender, FROM_ADDRESS, or the calling user at this host.
  func withSender(_ raw: [UInt8], _ configuration: Configuration) throws -> [UInt8] {
    guard MIMEMessage.header(of: raw).first("from") == nil else { return raw }
    let user = "\(Operators.systemUser())@\(ProcessInfo.processInfo.hostName)"
    let address = sender?.description ?? (configuration.fromAddress.isEmpty ? user : configuration.fromAddress)
    return Array("From: \(try Address(parsing: address))\r\n".utf8) + raw
  }

  /// What sendmail takes as the end without -i: a line that is a single dot.
  static func upToLoneDot(_ bytes: [UInt8]) -> [UInt8] {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      var line = bytes[start..<end]
      if line.last == 13 { line.removeLast() }
      if line.elementsEqual([46]) { return Array(bytes[..<start]) }
      start = end + 1
    }
    return bytes
  }
}

struct SendDailyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send-daily", abstract: "Roster × template: render the day's messages, and send them when told so.",
    discussion:
      "Writes .eml files into outbox/ to look at, which is also the default; --live queues them, after asking.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "Roster CSV (default: PARTICIPANTS_CSV_PATH).") var roster: String?
  @Option(help: "Template (default: TEMPLATE_PATH).") var template: String?
  @Flag(help: "Only write files (the default).") var dryRun = false
  @Flag(help: "Queue the messages for real.") var live = false
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "One JSON object.") var json = false

  struct Record: Encodable {
    var rendered: Int
    var skipped: [String]
    var queued: Int
    var folder: String?
  }

  func run() throws {
    if live, dryRun { throw ValidationError("--live and --dry-run exclude each other") }
    try global.with { open in
      let configuration = open.workspace.configuration
      let rosterPath = roster ?? open.workspace.resolve(configuration.rosterPath).path
      let templatePath = template ?? templatePath(configuration.templatePath, open)
      let daily = try DailySend(templatePath: templatePath, fromAddress: configuration.fromAddress, clock: open.clock)
      let plan = try daily.plan(try Roster(path: rosterPath), store: open.store)
      if !json { for skipped in plan.skipped { Output.line("skipped \(skipped)") } }
      guard live else {
        let folder = try daily.writeFiles(plan.drafts, to: open.workspace.outbox)
        try show(Record(rendered: plan.drafts.count, skipped: plan.skipped, queued: 0, folder: folder.path))
        if plan.refused > 0 { throw ExitStatus.dataRefused.code }
        return
      }
      try confirm(plan)
      try show(
        Record(rendered: plan.drafts.count, skipped: plan.skipped, queued: try queue(plan, daily, open), folder: nil))
      if plan.refused > 0 { throw ExitStatus.dataRefused.code }
    }
  }

  /// The workspace's template, else the one shipped; a roster is never taken from anywhere but the workspace.
  private func templatePath(_ configured: String, _ open: OpenWorkspace) -> String {
    let own = open.workspace.resolve(configured).path
    if FileManager.default.fileExists(atPath: own) { return own }
    return Resources.file("data/templates/daily.eml.mustache")?.path ?? own
  }

  private func confirm(_ plan: DailySend.Plan) throws {
    guard !yes else { return }
    let question = "Send \(plan.drafts.count) messages for real (\(plan.skipped.count) skipped)? Type yes:"
    guard Output.ask(question) == "yes" else {
      Output.error("nothing was queued; --live needs a yes on the terminal, or --yes")
      throw ExitStatus.tryAgain.code
    }
  }

  private func queue(_ plan: DailySend.Plan, _ daily: DailySend, _ open: OpenWorkspace) throws -> Int {
    let submitter = Submitter(
      store: open.store, clock: open.clock, actor: open.actor, host: ProcessInfo.processInfo.hostName)
    var queued = 0
    for start in stride(from: 0, to: plan.drafts.count, by: 200) {
      let batch = plan.drafts[start..<min(start + 200, plan.drafts.count)]
      let submissions = try batch.flatMap { try submitter.prepare(daily.request($0)) }
      for acknowledgement in try submitter.store(submissions) {
        if case .inserted = acknowledgement.insertion { queued += 1 }
      }
    }
    return queued
  }

  private func show(_ record: Record) throws {
    if json { return try Output.json(record) }
    if let folder = record.folder {
      Output.line(
        "\(record.rendered) messages written to \(folder), \(record.skipped.count) skipped; nothing was sent (--live sends)"
      )
    } else {
      Output.line("\(record.queued) of \(record.rendered) queued, \(record.skipped.count) skipped")
    }
  }
}

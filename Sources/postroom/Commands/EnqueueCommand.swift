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
      let submitter = try open.submitter()
      var tally = FilesRefused(given: files.count)
      for batch in stride(from: 0, to: files.count, by: 200).map({ files[$0..<min($0 + 200, files.count)] }) {
        try enqueue(Array(batch), submitter, addresses, &tally)
      }
      try tally.check()
    }
  }

  private func enqueue(
    _ batch: [String], _ submitter: Submitter, _ addresses: [Address], _ tally: inout FilesRefused
  ) throws {
    var prepared: [(file: String, submissions: [Submission])] = []
    for file in batch {
      do {
        var request = Submitter.Request(
          source: "enqueue", raw: try Input.bytes(of: file), recipients: addresses.isEmpty ? nil : addresses,
          account: account, idempotencyKey: key)
        request.campaign = campaign
        prepared.append((file, try submitter.prepare(request)))
      } catch let problem as FileProblem {
        tally.unreadable += 1
        Output.error("\(problem)")
      } catch {
        tally.refused += 1
        Output.error("\(file): \(error)")
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
          tally.refused += 1
          Output.error("\(entry.file): \(error)")
        }
      }
    }
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

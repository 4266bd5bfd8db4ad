import ArgumentParser
import Engine
import Foundation
import MailFormats
import MailModel
import Storage

struct SendmailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sendmail", abstract: "Stand in for sendmail: reads a message from standard input.",
    discussion:
      "Understands -t, -i, -f SENDER, -F NAME, -o…, -B…, -N…, -R…, -V…, -bm, -v, -U and recipients. Silent when all is well."
  )

  @Argument(parsing: .captureForPassthrough, help: "sendmail's own flags and recipients.")
  var arguments: [String] = []

  func run() throws {
    // What is passed through is: no flag of sendmail's is called like that.
    if arguments == ["--help"] { throw CleanExit.helpRequest(self) }
    let call = try SendmailCall(arguments)
    var raw = Input.standardInput()
    if !call.ignoresDots { raw = SendmailCall.upToLoneDot(raw) }
    // Parsed, not made: only parsing gives every option its default.
    let global = try GlobalOptions.parse(call.workspace.map { ["--workspace", $0] } ?? [])
    try global.with { open in
      let submitter = try open.submitter()
      raw = try call.withSender(raw, open.workspace.configuration)
      let named = call.readsHeader ? try SubmissionHeader(parsing: raw).recipients : []
      var request = Submitter.Request(
        source: "sendmail", raw: raw, recipients: named + call.recipients.filter { !named.contains($0) },
        envelopeSender: call.sender, idempotencyKey: UUID().uuidString)
      request.hasNullSender = call.hasNullSender
      _ = try submitter.store(try submitter.prepare(request))
    }
  }
}

/// A command line as programs give it to sendmail.
struct SendmailCall {
  var readsHeader = false
  var ignoresDots = false
  var sender: Address?
  /// `-f <>`: what bounces is nobody's.
  var hasNullSender = false
  /// `-F NAME`, for a From that the message lacks.
  var name = ""
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
      } else if word != "-bm", word.hasPrefix("-b") || word.hasPrefix("-q") {
        throw ValidationError(
          "sendmail \(word) is not offered here; this stand-in takes one message from standard input")
      } else if word == "-it" {
        readsHeader = true
        ignoresDots = true
      } else if word == "-i" || word == "-oi" {
        ignoresDots = true
      } else if word.hasPrefix("-t") {
        readsHeader = true
        ignoresDots = ignoresDots || word.contains("i")
      } else if let flag = SendmailCall.withValue.first(where: { word == $0 || (word.hasPrefix($0) && $0.count == 2) })
      {
        let value = word == flag ? words.popFirst() ?? "" : String(word.dropFirst(2))
        if flag == "-f" || flag == "-r" {
          hasNullSender = value.isEmpty || value == "<>"
          sender = hasNullSender ? nil : try Input.address(value, of: flag)
        }
        if flag == "-F" { name = value }
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
    let from = NamedAddress(displayName: name, address: try Address(parsing: address))
    return try HeaderEncoder.field("From", mailboxes: [from]) + raw
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

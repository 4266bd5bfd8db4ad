import MailFormats
import MailModel
import Storage

extension Operation {
  static let suppressionOperations: [Operation] = [suppress, liftSuppression, importSuppressions]

  private static let suppress = Operation(
    id: "suppression.add", title: "Suppress recipient",
    help: "Puts an address on the suppression list; what waits for it is not sent.",
    target: .recipient,
    arguments: [
      .reason,
      Argument(
        "days", "For how many days; left empty: for ever.", isRequired: false,
        read: { text, _ in _ = try SuppressionWords.days(text) }),
    ],
    role: .operator, confirmation: .none,
    disabledReason: { state in
      guard case .recipient(let isSuppressed) = state else { return "no recipient here" }
      return isSuppressed ? "suppressed already" : nil
    },
    preview: { transaction, context, request in
      try SuppressionWords.addPreview(request, transaction, now: context.now)
    },
    effect: { transaction, context, request in
      var waiting = 0
      var refusals: [String] = []
      var before: [String] = []
      let lifetime = try SuppressionWords.lifetime(request)
      for target in request.targets {
        let address = try SuppressionWords.address(target.id)
        before += try transaction.suppressions.list(address).map { SuppressionWords.words($0, now: context.now) }
        let isNew = try transaction.suppressions.add(
          address, reason: "operator", source: "\(context.actor.name): \(request.reason)", now: context.now,
          expiresAt: lifetime.map { context.now + $0 })
        if !isNew { refusals.append("\(address) is suppressed already") }
        if lifetime == nil {
          try transaction.recipients.setInactive(
            address, reason: "suppressed by \(context.actor.name)", now: context.now)
        }
        waiting += try transaction.messages.suppressWaiting(
          recipient: address, reason: "suppressed by \(context.actor.name)", now: context.now)
      }
      guard refusals.count < request.targets.count else {
        throw OperationRefusal.changed(refusals.joined(separator: "; "))
      }
      return Effect(
        "\(SuppressionWords.names(request, request.targets.count - refusals.count)) suppressed "
          + "\(SuppressionWords.until(lifetime.map { context.now + $0 })), \(Amount.words(waiting, "waiting message")) stopped",
        subject: request.subject("recipient"),
        details: [
          "waiting": "\(waiting)", "before": before.isEmpty ? "not suppressed" : before.joined(separator: "; "),
          "after": "suppressed \(SuppressionWords.until(lifetime.map { context.now + $0 }))",
        ],
        changed: request.targets.count - refusals.count, refusals: refusals)
    })

  private static let liftSuppression = Operation(
    id: "suppression.lift", title: "Lift suppression",
    help: "Takes an address off the suppression list; new mail may go to it.", target: .recipient, arguments: [.reason],
    role: .operator, confirmation: .yesNo,
    disabledReason: { state in
      guard case .recipient(let isSuppressed) = state else { return "no recipient here" }
      return isSuppressed ? nil : "not suppressed"
    },
    preview: { transaction, context, request in
      try SuppressionWords.liftPreview(request.targets.map(\.id), transaction, now: context.now)
    },
    effect: { transaction, context, request in
      var changed = 0
      var held = 0
      var before: [String] = []
      var refusals: [String] = []
      for target in request.targets {
        let entries = try transaction.suppressions.list(target.id)
        guard try transaction.suppressions.remove(target.id) else {
          refusals.append(SuppressionWords.isNotListed(target.id))
          continue
        }
        before += entries.map { SuppressionWords.words($0, now: context.now) }
        try transaction.recipients.setActive(target.id, now: context.now)
        held += try transaction.messages.count(recipient: target.id.lowercased(), state: .held)
        changed += 1
      }
      guard changed > 0 else { throw OperationRefusal.changed(refusals.joined(separator: "; ")) }
      return Effect(
        "\(SuppressionWords.names(request, changed)) taken off the suppression list; "
          + "\(Amount.words(held, "held message")) may go once released",
        subject: request.subject("recipient"),
        details: ["held": "\(held)", "before": before.joined(separator: "; "), "after": "not suppressed"],
        changed: changed, refusals: refusals)
    })

  private static let importSuppressions = Operation(
    id: "suppression.import", title: "Import suppressions",
    help: "Puts every address of a CSV file on the suppression list; the same file again changes nothing.",
    target: .none, arguments: [Argument("file", "The file, with a column 'address'."), .optionalReason],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    parts: { _, request in try SuppressionImport(request) })
}

/// What operations on suppressions share.
enum SuppressionWords {
  /// The address where it is one, else how many.
  static func names(_ request: OperationRequest, _ changed: Int) -> String {
    request.targets.count == 1 ? request.targets[0].id : "\(changed)"
  }

  /// - Throws: `OperationRefusal.badTarget` for text that is no address.
  static func address(_ text: String) throws -> String {
    guard let address = try? Address(parsing: text) else {
      throw OperationRefusal.badTarget(String(text.prefix(100)), expected: "an address")
    }
    return address.description
  }

  /// For how long, from the argument `days`; `nil` for ever.
  static func lifetime(_ request: OperationRequest) throws -> Span? {
    guard let text = request.arguments["days"], !text.allSatisfy(\.isWhitespace) else { return nil }
    return .days(try days(text))
  }

  static func days(_ text: String) throws -> Int64 {
    try Operation.Argument.number(text, in: 1...36_500, expected: "a number of days from 1 to 36500")
  }

  /// What stands on the list already, and until when it would then.
  static func addPreview(_ request: OperationRequest, _ transaction: Transaction, now: Timestamp) throws -> Preview {
    let end = try lifetime(request).map { now + $0 }
    var lines: [String] = []
    var isEmpty = true
    for address in try request.targets.map({ try SuppressionWords.address($0.id) }) {
      let known = try transaction.suppressions.list(address).first { $0.accountAddress == nil }
      guard let known else {
        isEmpty = false
        continue
      }
      let isLonger = known.expiresAt.map { old in end.map { $0 > old } ?? true } ?? false
      if isLonger { isEmpty = false }
      lines.append(
        "\(address) is on the list: \(known.reason) (\(known.source)), \(until(known.expiresAt)); "
          + (isLonger ? "then \(until(end))" : "it stays as it is"))
    }
    return Preview(
      summary: isEmpty
        ? "suppresses nobody" : "suppresses \(request.targets.map(\.id).joined(separator: ", ")) \(until(end))",
      lines: lines, isEmpty: isEmpty)
  }

  /// One entry with everything that a lift takes away.
  static func words(_ entry: Suppression, now: Timestamp) -> String {
    let scope = entry.accountAddress.map { " for mail of \($0)" } ?? ""
    let end = entry.expiresAt.map { $0 <= now ? ", expired" : ", until \(Clockface.utc($0))" } ?? ""
    return "\(entry.address): \(entry.reason)\(scope)\(end) (\(entry.source))"
  }

  static func until(_ end: Timestamp?) -> String { end.map { "until \(Clockface.text($0))" } ?? "for ever" }

  /// The newest held mails to an address.
  private static func held(_ address: String, _ transaction: Transaction) throws -> [String] {
    try transaction.messages.newestHeld(recipient: address).map {
      "held: \($0.subject) (from \($0.accountAddress); \($0.stateReason))"
    }
  }

  /// What a lift frees: held mail that would have been suppressed at its release, and what is lost for good.
  static func liftPreview(_ addresses: [String], _ transaction: Transaction, now: Timestamp) throws -> Preview {
    var held = 0
    var lost = 0
    var lines: [String] = []
    var listed: [String] = []
    for address in addresses {
      let entries = try transaction.suppressions.list(address)
      if entries.isEmpty { lines.append(isNotListed(address)) } else { listed.append(address) }
      lines += entries.map { words($0, now: now) }
      held += try transaction.messages.count(recipient: address.lowercased(), state: .held)
      lost += try transaction.messages.count(recipient: address.lowercased(), state: .suppressed)
    }
    if held > 0 {
      lines.append("\(Amount.words(held, "held message")) will go once the hold is released")
      for address in addresses.prefix(5) { lines += try self.held(address.lowercased(), transaction) }
    }
    if lost > 0 {
      lines.append(
        "\(Amount.words(lost, "suppressed message")) stay so: terminal is final; enqueue again what is still wanted")
    }
    return Preview(
      summary: listed.isEmpty
        ? "none of them is on the suppression list"
        : "\(listed.joined(separator: ", ")) may get mail again; frees \(held) held",
      lines: lines, isEmpty: listed.isEmpty)
  }

  static func isNotListed(_ address: String) -> String { "\(address) is not on the suppression list" }
}

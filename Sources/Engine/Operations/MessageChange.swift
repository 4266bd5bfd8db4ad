import MailModel
import Storage

/// The shape that all operations on messages share: a verdict on each, a change by version, counts in words.
struct MessageChange: Sendable {
  enum Verdict: Sendable, Hashable {
    /// What would happen to it, for the preview and the summary: `released`.
    case change(String)
    /// Why it is left alone: `it is sent, not held`.
    case refuse(String)
  }

  var verdict: @Sendable (MessageFacts) -> Verdict
  var change: @Sendable (Message, MessageFacts, Transaction, OperationContext, OperationRequest) throws -> Bool

  /// Counts of verdicts, in words.
  private struct Tally {
    var changes: [String: Int] = [:]
    var refusals: [String: Int] = [:]

    mutating func add(_ verdict: Verdict, _ count: Int = 1) {
      switch verdict {
      case .change(let what): changes[what, default: 0] += count
      case .refuse(let why): refusals[why, default: 0] += count
      }
    }

    var changed: Int { changes.values.reduce(0, +) }

    func words(_ link: String) -> String {
      MessageChange.words(changes, left: refusals.values.reduce(0, +), link)
    }
  }

  /// `412 to be released, 9 to be suppressed, 3 left alone`; the most common first.
  static func words(_ changes: [String: Int], left: Int, _ link: String = "") -> String {
    let done = changes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \(link)\($0.key)" }
    return ((done.isEmpty ? ["nothing \(link)changed"] : done) + (left == 0 ? [] : ["\(left) left alone"]))
      .joined(separator: ", ")
  }

  /// `3 queued, 1 held`, the most first.
  private static func words(_ states: [MessageState: Int]) -> String {
    states.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
  }

  /// Up to so many messages are named in a question: whoever says yes sees to what.
  private static let mostNamed = 5

  /// By facts alone, for everything that matches a filter.
  func preview(_ census: [MessageCensus]) -> Preview {
    var tally = Tally()
    for group in census { tally.add(verdict(group.facts), group.count) }
    let lines = tally.refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value): \($0.key)" }
    return Preview(summary: tally.words("to be "), lines: lines, isEmpty: tally.changed == 0)
  }

  func preview(_ transaction: Transaction, _ context: OperationContext, _ request: OperationRequest) throws -> Preview {
    var tally = Tally()
    var lines: [String] = []
    for target in request.targets {
      do {
        let (message, facts) = try found(target, transaction, context)
        let verdict = verdict(facts)
        tally.add(verdict)
        switch verdict {
        case .refuse(let why): lines.append("message \(message.id): \(why)")
        case .change where request.targets.count <= MessageChange.mostNamed:
          lines.append("message \(message.id) to \(message.recipient): \(message.subject)")
        case .change: break
        }
      } catch let refusal as OperationRefusal {
        tally.add(.refuse("\(refusal)"))
        lines.append("\(refusal)")
      }
    }
    return Preview(summary: tally.words("to be "), lines: lines, isEmpty: tally.changed == 0)
  }

  /// - Throws: `OperationRefusal.changed` when none of the targets could be changed, `.badTarget` when the only one is no
  ///   message.
  func effect(_ transaction: Transaction, _ context: OperationContext, _ request: OperationRequest) throws -> Effect {
    var tally = Tally()
    var changed: [Message.ID] = []
    var (before, after): ([MessageState: Int], [MessageState: Int]) = ([:], [:])
    var refusals: [String] = []
    for target in request.targets {
      do {
        let (message, facts) = try found(target, transaction, context)
        var verdict = verdict(facts)
        if case .change = verdict, try !change(message, facts, transaction, context, request) {
          verdict = .refuse("it changed meanwhile")
        }
        tally.add(verdict)
        switch verdict {
        case .change:
          changed.append(message.id)
          before[message.state, default: 0] += 1
          if let now = try transaction.messages.state(of: message.id) { after[now, default: 0] += 1 }
        case .refuse(let why): refusals.append("message \(message.id): \(why)")
        }
      } catch let refusal as OperationRefusal {
        // A row that never was is no matter of trying again.
        if case .badTarget = refusal, request.targets.count == 1 { throw refusal }
        tally.add(.refuse("\(refusal)"))
        refusals.append("\(refusal)")
      }
    }
    guard !changed.isEmpty else { throw OperationRefusal.changed(refusals.joined(separator: "; ")) }
    var effect = Effect(
      tally.words(""), subject: "message:\(changed.prefix(20).map(String.init).joined(separator: ","))",
      details: [
        "changed": "\(changed.count)", "refused": "\(refusals.count)", "before": Self.words(before),
        "after": Self.words(after),
      ], changed: changed.count,
      refusals: refusals)
    effect.counts = tally.changes
    return effect
  }

  private func found(
    _ target: OperationRequest.Target, _ transaction: Transaction, _ context: OperationContext
  ) throws -> (Message, MessageFacts) {
    let message = try target.message(in: transaction)
    guard let facts = try transaction.messages.facts(of: message.id, now: context.now) else {
      throw OperationRefusal.badTarget(target.id, expected: "a message of this workspace")
    }
    return (message, facts)
  }
}

extension Operation {
  /// An operation on messages, made of a `MessageChange`.
  ///
  /// - Parameter takesFilter: whether it can be done to everything that matches a filter.
  static func onMessages(
    id: String, title: String, help: String, arguments: [Argument], confirmation: Confirmation,
    takesFilter: Bool = false, change: MessageChange
  ) -> Operation {
    var operation = Operation(
      id: id, title: title, help: help, target: .message, arguments: arguments, role: .operator,
      confirmation: confirmation,
      disabledReason: { state in
        guard case .message(let state, let isDeferred) = state else { return "no message here" }
        let facts = MessageFacts(state: state, isDeferred: isDeferred)
        if case .refuse(let why) = change.verdict(facts) { return why }
        return nil
      },
      preview: { transaction, context, request in try change.preview(transaction, context, request) },
      effect: { transaction, context, request in try change.effect(transaction, context, request) })
    if takesFilter { operation.censusPreview = { change.preview($0) } }
    return operation
  }

  /// A plain arrow of the life cycle, by a person.
  static func transition(
    _ transition: MessageTransition, id: String, title: String, help: String, verb: String, arguments: [Argument],
    confirmation: Confirmation, takesFilter: Bool = false,
    words: @escaping @Sendable (OperationContext, OperationRequest) -> String
  ) -> Operation {
    onMessages(
      id: id, title: title, help: help, arguments: arguments, confirmation: confirmation, takesFilter: takesFilter,
      change: MessageChange(
        verdict: { $0.state.after(transition) == nil ? .refuse($0.state.finality) : .change(verb) },
        change: { message, _, transaction, context, request in
          try transaction.messages.change(
            message.id, version: message.version, transition: transition, reason: words(context, request),
            now: context.now)
        }))
  }
}

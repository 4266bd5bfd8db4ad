import Foundation
import MailModel
import Storage

/// Operations on everything that matches a filter: a census for the preview, then parts, each with its own audit row.
extension OperationRunner {
  /// Messages in one transaction: long enough to be quick, short enough that sending does not wait for it.
  private static let part = 1_000
  /// Refusals that are told one by one; the rest is counted.
  private static let told = 20

  func check(_ matching: OperationRequest.Matching, _ operation: Operation, _ request: OperationRequest) throws {
    guard operation.takesFilter else {
      throw OperationRefusal.notNow("\(operation.id) acts on rows that you name, not on a filter")
    }
    guard request.targets.isEmpty else {
      throw OperationRefusal.notNow("\(operation.id) takes rows or a filter, not both")
    }
    if let problem = Filter(matching.filter, .messages).problem {
      throw OperationRefusal.badTarget(matching.filter, expected: "a filter of messages: \(problem)")
    }
  }

  func preview(
    _ operation: Operation, _ request: OperationRequest, _ matching: OperationRequest.Matching
  ) throws -> Preview {
    try store.read { transaction in
      let last = try matching.upTo ?? transaction.messages.lastID()
      let census = try transaction.messages.census(
        Filter(matching.filter, .messages).messages, upTo: last, now: context.now)
      guard var preview = operation.censusPreview?(census) else {
        throw OperationRefusal.notNow("\(operation.id) takes no filter")
      }
      preview.lines.append("of all messages" + (matching.filter.isEmpty ? "" : " that match \(matching.filter)"))
      preview.upTo = last
      return preview
    }
  }

  /// What was done stays done when a later part fails; doing it again does the rest.
  func perform(
    _ operation: Operation, _ request: OperationRequest, _ matching: OperationRequest.Matching
  ) throws -> Effect {
    let last = try store.read { try matching.upTo ?? $0.messages.lastID() }
    var total = Effect("", subject: "messages:\(matching.filter)", changed: 0)
    var left = 0
    var why = ""
    var position = PagePosition.start
    while true {
      let page = try store.read { try $0.messages.page(part(of: matching, position)) }
      let rows = page.rows.filter { $0.id <= last }
      if !rows.isEmpty {
        var refused = ""
        let effect = try perform(operation, request, on: rows, &refused)
        if why.isEmpty { why = refused }
        total.changed += effect?.changed ?? 0
        total.counts.merge(effect?.counts ?? [:]) { $0 + $1 }
        left += effect?.refusals.count ?? rows.count
        total.refusals += (effect?.refusals ?? []).prefix(max(0, OperationRunner.told - total.refusals.count))
      }
      guard page.hasMore, rows.count == page.rows.count, let key = page.last else { break }
      position = .after(key)
    }
    guard total.changed > 0 else {
      throw OperationRefusal.changed(
        "nothing that matches \(matching.filter) could be changed" + (why.isEmpty ? "" : "; \(why)"))
    }
    total.summary = MessageChange.words(total.counts, left: left)
    return total
  }

  private func part(of matching: OperationRequest.Matching, _ position: PagePosition) -> MessageQuery {
    var query = Filter(matching.filter, .messages).messages
    (query.sort, query.isDescending) = (.newest, false)
    (query.position, query.limit) = (position, OperationRunner.part)
    return query
  }

  /// - Parameter refused: why the first of the rows was left alone, when none could be changed.
  /// - Returns: `nil` when none of the rows could be changed.
  private func perform(
    _ operation: Operation, _ request: OperationRequest, on rows: [Message], _ refused: inout String
  ) throws -> Effect? {
    var part = request
    part.targets = rows.map { .init(id: "\($0.id)", version: $0.version) }
    do {
      return try store.write { try perform(operation, part, $0) }
    } catch OperationRefusal.changed(let reasons) {
      refused = reasons.components(separatedBy: "; message ").first ?? reasons
      return nil
    }
  }
}

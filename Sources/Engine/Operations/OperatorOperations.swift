import Foundation
import MailModel
import Storage

extension Operation {
  static let operatorOperations: [Operation] = [setOperator, removeOperator]

  private static let user = Argument("user", "The system user's name.", read: { text, _ in try checkName(text) })

  fileprivate static func checkName(_ user: String) throws {
    guard Operators.isUserName(user) else {
      throw OperationRefusal.badTarget(user, expected: "a system user's name")
    }
  }

  private static let setOperator = Operation(
    id: "operators.set", title: "Set a role",
    help: "Gives a system user a role: watcher, operator, reviewer or lead. The last lead stays lead.", target: .none,
    arguments: [
      user, Argument("role", "watcher, operator, reviewer or lead.", choices: Role.allCases.map(\.name)), .reason,
    ], role: .lead,
    confirmation: .typed("ROLE"), disabledReason: { _ in nil },
    preview: { transaction, context, request in
      try OperatorChange(request, context, transaction, removes: false).preview()
    },
    effect: { transaction, context, request in
      try OperatorChange.effect(request, context, transaction, removes: false)
    })

  private static let removeOperator = Operation(
    id: "operators.remove", title: "Take a role away",
    help: "Takes a system user out of the operators; the person may then only look and stop.", target: .none,
    arguments: [user, .reason], role: .lead, confirmation: .typed("ROLE"), disabledReason: { _ in nil },
    preview: { transaction, context, request in
      try OperatorChange(request, context, transaction, removes: true).preview()
    },
    effect: { transaction, context, request in
      try OperatorChange.effect(request, context, transaction, removes: true)
    })
}

/// One change of the `operators` file.
///
/// The new file is written and synced beside the old one inside the transaction, and takes its place after the commit: a
/// full disk refuses the change, and a crash in between leaves the old roles and an audit row that says what was meant. The
/// next change waits for that, and not for the commit alone.
private struct OperatorChange {
  private let path: String
  private let user: String
  private let before: Role?
  private let after: Role?
  private let text: String
  private let operators: Operators
  /// Somebody edited the file by hand: setting a role once more answers for it.
  private let isSealBroken: Bool

  init(
    _ request: OperationRequest, _ context: OperationContext, _ transaction: Transaction, removes: Bool
  ) throws {
    path = try OperatorChange.path(context)
    user = request.arguments["user"] ?? ""
    try Operation.checkName(user)
    let word = request.choice("role")
    after = removes ? nil : Role(name: word)
    guard removes || after != nil else {
      throw OperationRefusal.badTarget(word, expected: "one of watcher, operator, reviewer, lead")
    }
    text = try RolesSeal.text(path)
    isSealBroken = try RolesSeal.isBroken(path, transaction)
    operators = try Operators(parsing: text, file: path)
    before = operators.roles[user]
  }

  private static func path(_ context: OperationContext) throws -> String {
    guard let path = context.operatorsPath else {
      throw OperationRefusal.notNow("this workspace has no operators file")
    }
    return path
  }

  func preview() throws -> Preview {
    let unknown = Operators.isKnownToSystem(user) ? [] : ["there is no system user '\(user)' on this machine"]
    return Preview(
      summary: "\(user): \(before?.name ?? "nobody") becomes \(after?.name ?? "nobody")",
      lines: unknown
        + (isSealBroken ? ["the file was edited by hand; this confirms what stands in it besides"] : [])
        + (try refusal.map { ["\($0)"] } ?? []), isEmpty: before == after && !isSealBroken)
  }

  private var refusal: OperationRefusal? {
    get throws {
      if before == after, !isSealBroken { return .changed("\(user) is \(before?.name ?? "no operator") already") }
      let leads = operators.roles.filter { $0.value == .lead && $0.key != user }
      if before == .lead, after != .lead, leads.isEmpty {
        return .notNow("\(user) is the last lead; make somebody else lead first")
      }
      return nil
    }
  }

  static func effect(
    _ request: OperationRequest, _ context: OperationContext, _ transaction: Transaction, removes: Bool
  ) throws -> Effect {
    let lock = try RolesLock(try path(context))
    return try OperatorChange(request, context, transaction, removes: removes).effect(under: lock)
  }

  private func effect(under lock: RolesLock) throws -> Effect {
    if let refusal = try refusal { throw refusal }
    let changed = Operators.changed(text, user: user, role: after)
    let next = path + ".new"
    // A leftover of a crash is ours to write over; PrivateFile refuses anything but a plain file.
    try PrivateFile.write(changed, to: next)
    let path = path
    return Effect(
      "\(user) is \(after?.name ?? "no operator") now", subject: "operator:\(user)",
      details: [
        "before": before?.name ?? "none", "after": after?.name ?? "none", RolesSeal.field: RolesSeal.of(changed),
        "editedByHand": isSealBroken ? "yes" : "no",
      ],
      afterCommit: {
        defer { lock.release() }
        guard rename(next, path) == 0 else { throw FileProblem(path: path, code: errno) }
        PrivateFile.syncFolder(of: path)
      })
  }
}

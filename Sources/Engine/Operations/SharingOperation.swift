import Foundation
import MailModel
import Storage

extension Operation {
  static let sharingOperations: [Operation] = [shareWorkspace]

  /// Roles are bound to system users; this is how several of them get into one workspace.
  private static let shareWorkspace = Operation(
    id: "workspace.share", title: "Share the workspace",
    help: "Lets the members of a system group open this workspace, each with the role of 'operators'.",
    target: .none, arguments: [Argument("group", "The system group of the people who work here."), .reason],
    role: .lead, confirmation: .typed("SHARE"), disabledReason: { _ in nil },
    preview: { _, context, request in
      let group = try SystemGroup(request)
      return Preview(
        summary: "shares \(context.folders.last ?? "nothing") with group \(group.name)",
        lines: [
          "members: \(group.members.isEmpty ? "nobody yet" : group.members.joined(separator: ", "))",
          "each of them can read everything in it, passwords in .env included, and can stop all sending",
          "what else they may do through the program is said by 'operators'",
        ])
    },
    effect: { _, context, request in
      let group = try SystemGroup(request)
      try group.refuse(context.folders)
      let folders = context.folders
      let lock = try context.operatorsPath.map { try RolesLock($0) }
      return Effect(
        "shared with group \(group.name)", subject: "workspace",
        details: [
          "group": group.name, "members": group.members.joined(separator: ", "),
          RolesSeal.field: RolesSeal.of(try context.operatorsPath.map(RolesSeal.text) ?? ""),
        ],
        afterCommit: {
          defer { lock?.release() }
          for folder in folders { try SharedFolder.share(folder, with: group.number) }
        })
    })
}

/// A group of the system's user database, read when it is asked for.
private struct SystemGroup {
  let name: String
  let number: gid_t
  let members: [String]

  /// - Throws: `OperationRefusal` for a group that there is not.
  init(_ request: OperationRequest) throws {
    name = request.arguments["group"] ?? ""
    guard Operators.isUserName(name), let entry = SystemDatabase.group(name) else {
      throw OperationRefusal.badTarget(
        name, expected: "a group of this system ('getent group' lists them, 'groupadd' makes one)")
    }
    (number, members) = entry
  }

  /// Only the owner can give files away, and only to a group of the owner's.
  func refuse(_ folders: [String]) throws {
    guard !folders.isEmpty else { throw OperationRefusal.notNow("this workspace cannot be shared") }
    if geteuid() == 0 { return }
    for folder in folders {
      var status = stat()
      guard stat(folder, &status) == 0 else { throw FileProblem(path: folder, code: errno) }
      guard status.st_uid == geteuid() else {
        throw OperationRefusal.notNow("\(folder) belongs to another user, who alone can share it")
      }
    }
    var groups = [gid_t](repeating: 0, count: 4_096)
    let count = max(0, Int(getgroups(Int32(groups.count), &groups)))
    guard groups[..<count].contains(number) || getegid() == number else {
      throw OperationRefusal.notNow("you are not in group \(name); whoever is can share it, or root")
    }
  }
}

import Foundation

/// A folder that the members of one group share: it belongs to the group, hands the group down to what is made in it
/// (set-group-ID), and nobody else may enter.
///
/// Roles are bound to system users (`Operators`), so people who decide together need one workspace that all of them can
/// open. What is made in such a folder is for the whole group, whatever the umask of whoever made it.
enum SharedFolder {
  /// The group that shares a folder; `nil` when it is its owner's alone, or open to others.
  static func group(of folder: String) -> gid_t? {
    var status = stat()
    guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_mode & S_ISGID != 0,
      status.st_mode & 0o070 == 0o070, status.st_mode & 0o007 == 0
    else { return nil }
    return status.st_gid
  }

  /// Whether nobody but the owner and the group that shares `folder` can get at a file or folder in it.
  static func keepsPrivate(_ status: stat, in folder: String) -> Bool {
    if status.st_mode & 0o077 == 0 { return true }
    return status.st_mode & 0o007 == 0 && group(of: folder) == status.st_gid
  }

  /// Gives a folder and everything in it to a group, to be shared. Links are left alone.
  ///
  /// Files that hold secrets can be read by the group and changed by their owner only.
  /// - Throws: `FileProblem` with the first file that could not be given.
  static func share(_ folder: String, with group: gid_t) throws {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    // The folder last: what could not be given leaves it closed.
    for path in names.map({ "\(folder)/\($0)" }) + [folder] { try give(path, to: group) }
  }

  private static func give(_ path: String, to group: gid_t) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      // Journals of the database come and go.
      if errno == ENOENT { return }
      throw FileProblem(path: path, code: errno)
    }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    guard isFolder || status.st_mode & S_IFMT == S_IFREG else { return }
    guard lchown(path, uid_t.max, group) == 0, chmod(path, isFolder ? 0o2770 : mode(of: path)) == 0 else {
      throw FileProblem(path: path, code: errno)
    }
  }

  /// What a file in a shared folder may be used for: by its group as by its owner, or, where it holds a secret, only read.
  static func mode(of path: String) -> mode_t {
    let parts = URL(filePath: path).pathComponents.suffix(2)
    let isSecret = parts.first == "secrets" || [".env", "token.key"].contains(parts.last)
    return isSecret ? 0o640 : 0o660
  }
}

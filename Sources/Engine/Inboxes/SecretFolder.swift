import Crypto
import Foundation
public import MailModel

/// Passwords of inboxes: one file each, readable by its owner only, in a folder of the workspace that is part of no
/// backup, export or database (docs/decisions/0006).
///
/// A new password is staged first and takes effect after the operation that announces it has committed: a password that
/// nobody was allowed to set is never used.
public struct SecretFolder: Sendable {
  /// No password is longer.
  static let maximumLength = 4_096

  let folder: String

  init(_ folder: URL) { self.folder = folder.path }

  /// Keeps a password beside the one in use until `adopt` or `discard`.
  /// - Throws: `FileProblem`, `ConfigurationError` when others can read the folder.
  public func stage(_ password: Secret, for address: String) throws {
    try makeFolder()
    // In a shared workspace somebody else's may be left, which only they can write.
    discard(address)
    try PrivateFile.write(password.reveal(), to: path(address) + SecretFolder.staged)
  }

  public func isStaged(_ address: String) -> Bool {
    FileManager.default.fileExists(atPath: path(address) + SecretFolder.staged)
  }

  /// The staged password is the one in use from now on.
  func adopt(_ address: String) throws {
    let target = path(address)
    guard rename(target + SecretFolder.staged, target) == 0 else { throw FileProblem(path: target, code: errno) }
    PrivateFile.syncFolder(of: target)
  }

  public func discard(_ address: String) { unlink(path(address) + SecretFolder.staged) }

  func remove(_ address: String) {
    discard(address)
    unlink(path(address))
    PrivateFile.syncFolder(of: path(address))
  }

  public func has(_ address: String) -> Bool { FileManager.default.fileExists(atPath: path(address)) }

  /// The password in use.
  /// - Throws: `ConfigurationError` when there is none, or when others can read or replace it. Never holds the password.
  public func read(_ address: String) throws -> Secret {
    let path = path(address)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw SecretFolder.missing(path, address) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw SecretFolder.missing(path, address)
    }
    guard SharedFolder.keepsPrivate(status, in: folder) else {
      throw ConfigurationError(
        place: .init(file: path), problem: "others can read it (mode \(String(status.st_mode & 0o777, radix: 8)))",
        expected: "mode 600; run: chmod 600 \(path), and think about a new password")
    }
    guard let data = try? file.read(upToCount: SecretFolder.maximumLength + 1),
      data.count <= SecretFolder.maximumLength,
      let text = String(data: data, encoding: .utf8), !text.isEmpty
    else { throw SecretFolder.missing(path, address) }
    return Secret(text)
  }

  /// Whether these are the words of an error that ``read(_:)`` threw for the address.
  func isProblem(_ words: String, with address: String) -> Bool { words.hasPrefix("\(path(address)): ") }

  private static func missing(_ path: String, _ address: String) -> ConfigurationError {
    ConfigurationError(
      place: .init(file: path), problem: "there is no password that can be read",
      expected: "one, set with: postroom inbox password \(address)")
  }

  private func makeFolder() throws {
    try PrivateFile.makeFolder(folder)
    var status = stat()
    guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw FileProblem(path: folder, code: ENOTDIR)
    }
    guard SharedFolder.keepsPrivate(status, in: URL(filePath: folder).deletingLastPathComponent().path) else {
      throw ConfigurationError(
        place: .init(file: folder), problem: "others can read it (mode \(String(status.st_mode & 0o777, radix: 8)))",
        expected: "mode 700; run: chmod 700 \(folder)")
    }
  }

  private static let staged = ".staged"

  /// Letters, digits and a few signs stand for themselves, every other byte is written in hexadecimal: no address names
  /// another folder, another address's file or a staged one.
  private func path(_ address: String) -> String {
    let name = address.lowercased().utf8.flatMap { byte -> [Character] in
      let isPlain = (48...57).contains(byte) || (97...122).contains(byte) || "@+-_".utf8.contains(byte)
      return isPlain ? [Character(UnicodeScalar(byte))] : Array("%\(Hexadecimal.text([byte]))")
    }
    // A dot is not plain, so that no name ends like a staged one. Names of files end at 255 bytes.
    if name.count <= 200 { return "\(folder)/\(String(name))" }
    return "\(folder)/%\(Hexadecimal.text(SHA256.hash(data: Array(address.lowercased().utf8))))"
  }
}

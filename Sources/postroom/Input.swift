import Engine
import Foundation
import MailFormats

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
    guard file != "-" else {
      tell("a mail")
      return standardInput()
    }
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

  /// The text of a file of settings, without the byte order mark that editors of Windows put before it.
  /// - Throws: `FileProblem`.
  static func text(of file: String) throws -> String {
    String(decoding: ByteOrderMark.skipped(in: try bytes(of: file)), as: UTF8.self)
  }

  /// Says on a terminal what is waited for; a silent program looks like one that hangs.
  static func tell(_ what: String) {
    if isatty(STDIN_FILENO) == 1 {
      Output.note("reading \(what) from the terminal; C-d at the start of a line ends it")
    }
  }

  static func standardInput() -> [UInt8] {
    Array((try? FileHandle.standardInput.read(upToCount: CanonicalMessage.maximumLength + 1)) ?? Data())
  }
}

/// An address on a command line that is none.
struct RefusedAddress: Error, CustomStringConvertible {
  var description: String
}

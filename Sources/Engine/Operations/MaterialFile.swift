import Foundation

/// A file that an operation reads piece by piece.
struct MaterialFile {
  /// For the audit log: the file's name without its folder.
  let name: String
  private let file: OpenFile

  /// - Throws: `FileProblem` when it cannot be opened.
  init(_ request: OperationRequest) throws {
    let path = request.arguments["file"] ?? ""
    name = path == OperationRequest.standardInput ? "standard input" : URL(filePath: path).lastPathComponent
    file = try OpenFile.opened(path, expected: "a file")
  }

  /// The next bytes; empty at the end.
  func read() throws -> [UInt8] { try file.read(atMost: 1 << 18) }
}

extension OperationRequest {
  /// The path under which an operation reads standard input.
  public static let standardInput = "/dev/stdin"
}

import Foundation

/// The product's Swift files, module by module, read once.
struct SourceTree: Sendable {
  struct File: Sendable {
    var module: String
    /// Relative to the root, such as `Sources/Engine/Ports.swift`.
    var path: String
    var lines: [String]
  }

  struct Line: Sendable {
    var file: File
    /// 1-based.
    var number: Int
    var text: String
    var place: String { "\(file.path):\(number)" }
    var isComment: Bool { text.drop { $0 == " " }.hasPrefix("//") }
  }

  static let shared = SourceTree()

  let root: URL
  let files: [File]

  private init() {
    var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    root = folder
    files = SourceTree.read(folder)
  }

  private static func read(_ root: URL) -> [File] {
    let sources = root.appending(path: "Sources").path
    guard let paths = FileManager.default.enumerator(atPath: sources) else { return [] }
    return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
      guard let data = FileManager.default.contents(atPath: "\(sources)/\(path)") else { return nil }
      let text = String(decoding: data, as: UTF8.self)
      return File(
        module: String(path.prefix { $0 != "/" }), path: "Sources/\(path)",
        lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
  }

  func lines(of modules: Set<String>? = nil, except: Set<String> = []) -> [Line] {
    files.filter { (modules?.contains($0.module) ?? true) && !except.contains($0.module) }.flatMap { file in
      file.lines.enumerated().map { Line(file: file, number: $0.offset + 1, text: $0.element) }
    }
  }
}

import Foundation

/// Files that are shipped with the program: themes, keymap, data.
enum Resources {
  /// Where to look, first come first served.
  private static var roots: [URL] {
    let environment = ProcessInfo.processInfo.environment["POSTROOM_DATA"].map { [URL(filePath: $0)] } ?? []
    let executable = URL(
      filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/")
    let installed = executable.deletingLastPathComponent().appending(path: "../share/postroom").standardizedFileURL
    var checkouts: [URL] = []
    var folder = executable.deletingLastPathComponent()
    while folder.path.count > 1 {
      checkouts.append(folder)
      folder = folder.deletingLastPathComponent()
    }
    return environment + [installed] + checkouts + [URL(filePath: FileManager.default.currentDirectoryPath)]
  }

  /// A file of that name, the workspace's own before the shipped one.
  static func file(_ path: String, workspace: URL? = nil) -> URL? {
    ((workspace.map { [$0] } ?? []) + roots.filter(isOurs)).lazy.map { $0.appending(path: path) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }

  static func folder(of name: String) -> URL? { file(name) }

  /// A folder with our keymap in it: any other `data` or `themes` on the way up is somebody else's.
  private static func isOurs(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "keymaps.conf").path)
  }
}

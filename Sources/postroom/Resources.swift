import Engine
import Foundation

/// Files that are shipped with the program: themes, keymap, data.
enum Resources {
  /// Where to look, first come first served; never where the program happens to be called.
  private static var roots: [URL] {
    let environment = ProcessInfo.processInfo.environment["POSTROOM_DATA"].map { [URL(filePath: $0)] } ?? []
    var folder = program.deletingLastPathComponent()
    let installed = folder.appending(path: "../share/postroom").standardizedFileURL
    var checkouts: [URL] = []
    while folder.path.count > 1 {
      checkouts.append(folder)
      folder = folder.deletingLastPathComponent()
    }
    return environment + [installed] + checkouts
  }

  /// A file of that name, the workspace's own before the shipped one.
  static func file(_ path: String, workspace: URL? = nil) -> URL? {
    ((workspace.map { [$0] } ?? []) + roots.filter(isOurs)).lazy.map { $0.appending(path: path) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// The folder of rules, checklists and templates. Without it mail would go out unshaped and no report could be read, so that
  /// nothing but the emergency stop works.
  /// - Throws: `ConfigurationError`.
  static func dataFolder() throws(ConfigurationError) -> URL {
    guard let folder = file("data") else { throw missing }
    return folder
  }

  /// - Throws: `ConfigurationError`.
  static func keymap() throws(ConfigurationError) -> URL {
    guard let file = file("keymaps.conf") else { throw missing }
    return file
  }

  private static var missing: ConfigurationError {
    ConfigurationError(
      place: .init(file: program.path), problem: "the files that come with it are not found",
      expected:
        "data/, themes/ and keymaps.conf in ../share/postroom ('make install'), or their folder in POSTROOM_DATA")
  }

  private static var program: URL {
    URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/")
  }

  /// A folder with our keymap in it: any other `data` or `themes` on the way up is somebody else's.
  private static func isOurs(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "keymaps.conf").path)
  }
}

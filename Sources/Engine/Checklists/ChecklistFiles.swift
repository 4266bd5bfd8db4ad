import Foundation
import Synchronization

/// The checklists of a workspace, each read when it is needed first and then kept for as long as no file changes: a
/// mistake in one must not keep anyone from stopping the mail, nor from working the others.
///
/// A file counts as it stands, also in a program that runs: what was edited or mended is read the next time.
final class ChecklistFiles: Sendable {
  private struct Known {
    var stamps: [FileStamp] = []
    var definitions: [String: ChecklistDefinition] = [:]
  }

  private let folders: [URL]
  private let known = Mutex(Known())

  /// - Parameter folders: a file of an earlier one stands in for the file of the same name in a later one.
  init(_ folders: [URL]) { self.folders = folders }

  /// The checklist with this id; the file that is named like it is looked into first.
  ///
  /// - Returns: `nil` when no file has it.
  /// - Throws: `ConfigurationError` with file and line, when it is found nowhere and a file that may have it cannot be read.
  func definition(_ id: String) throws(ConfigurationError) -> ChecklistDefinition? {
    let files = try files()
    // Taken before they are read: a change meanwhile is seen the next time.
    let stamps = files.map(FileStamp.init)
    if let definition = known.withLock({ $0.stamps == stamps ? $0.definitions[id] : nil }) { return definition }
    var problem: ConfigurationError?
    let isLikely = { (file: URL) in file.lastPathComponent == "\(id).yaml" }
    for file in files.filter(isLikely) + files.filter({ !isLikely($0) }) {
      do {
        let definition = try ChecklistDefinition.read(from: file)
        guard definition.id == id else { continue }
        keep(definition, stamps)
        return definition
      } catch { problem = problem ?? error }
    }
    if let problem { throw problem }
    return nil
  }

  private func keep(_ definition: ChecklistDefinition, _ stamps: [FileStamp]) {
    known.withLock { known in
      if known.stamps != stamps { known = Known(stamps: stamps) }
      known.definitions[definition.id] = definition
    }
  }

  /// Those that count, by name.
  /// - Throws: `ConfigurationError` when a folder cannot be listed.
  func files() throws(ConfigurationError) -> [URL] {
    var found: [String: URL] = [:]
    for folder in folders.reversed() where FileManager.default.fileExists(atPath: folder.path) {
      do {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".yaml") {
          found[name] = folder.appending(path: name)
        }
      } catch {
        throw ConfigurationError(
          place: .init(file: folder.path), problem: "cannot be listed", expected: "a folder of checklists, readable")
      }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }
}

extension OpenWorkspace {
  /// The checklist with this id, such as `morning`. Read when it is needed, like the bounce rules.
  ///
  /// - Returns: `nil` when there is none.
  /// - Throws: `ConfigurationError` with file and line.
  public func checklist(_ id: String) throws(ConfigurationError) -> ChecklistDefinition? {
    try checklists.definition(id)
  }

  /// Ids of the runbook's steps for a case.
  /// - Throws: `ConfigurationError` with file and line.
  public func caseSteps() throws(ConfigurationError) -> [String] {
    try checklist(ChecklistDefinition.ofCases)?.steps.map(\.id) ?? []
  }

  /// Every checklist that counts, with what is wrong in it; `nil` when nothing is.
  /// - Throws: `ConfigurationError` when they cannot be listed.
  public func checklistProblems() throws(ConfigurationError) -> [(file: String, problem: ConfigurationError?)] {
    try checklists.files().map { file in
      do throws(ConfigurationError) {
        _ = try ChecklistDefinition.read(from: file)
        return (file.lastPathComponent, nil)
      } catch { return (file.lastPathComponent, error) }
    }
  }
}

import Foundation
import Testing

/// Screens as they should be, in `Golden/NAME.txt`. `POSTROOM_RECORD_GOLDEN=1` writes them anew.
enum Golden {
  static func check(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = TestScreen.repository.appending(path: "Tests/ConsoleTests/Golden/\(name).txt")
    if ProcessInfo.processInfo.environment["POSTROOM_RECORD_GOLDEN"] == "1" {
      try Data((text + "\n").utf8).write(to: file)
      return
    }
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? "there is no such file"
    guard expected != text + "\n" else { return }
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let lines = (0..<max(old.count, new.count)).compactMap { index -> String? in
      let (was, now) = (index < old.count ? old[index] : "", index < new.count ? new[index] : "")
      return was == now ? nil : "\(index + 1)\n- \(was)\n+ \(now)"
    }
    Issue.record("\(name) differs in line\n\(lines.joined(separator: "\n"))", sourceLocation: sourceLocation)
  }
}

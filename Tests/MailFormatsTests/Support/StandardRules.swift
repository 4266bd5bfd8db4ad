import Foundation
import MailFormats

/// The rules that are shipped, read once.
let standardRules: BounceRules = {
  do {
    return BounceRules(try shippedRuleFile())
  } catch {
    fatalError("data/bounce-rules.conf: \(error)")
  }
}()

let standardClassifier = ReportClassifier(rules: standardRules)

func shippedRuleFile() throws -> BounceRuleFile {
  var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
  for _ in 0..<4 { folder.deleteLastPathComponent() }
  return try BounceRuleFile(parsing: [UInt8](Data(contentsOf: folder.appending(path: "data/bounce-rules.conf"))))
}

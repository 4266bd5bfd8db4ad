public import Foundation
import Yams

/// A checklist as an operator may edit it, in `data/checklists/*.yaml`.
public struct ChecklistDefinition: Sendable, Equatable {
  public struct Step: Sendable, Equatable {
    public var id: String
    public var title: String
    /// What to do, and when it is fine.
    public var instruction: String
    public var probe: ProbeName
    /// The runbook it comes from, in words.
    public var source: String?
    /// The heading it stands under; only in the steps of a case.
    public var group: String?
    /// The operation that does it, and ticks it when it is done from anywhere; only in the steps of a case.
    public var operation: String?
  }

  public var id: String
  public var title: String
  public var steps: [Step]

  /// The id of the one whose steps are those of a case.
  public static let ofCases = "case"

  /// - Throws: `ConfigurationError` with the line and what the YAML reader said.
  public static func read(from file: URL) throws(ConfigurationError) -> ChecklistDefinition {
    let text = try WholeFile.text(file.path, expected: "a checklist in YAML")
    do {
      let content = try YAMLDecoder().decode(Closed<File>.self, from: text).content
      let definition = ChecklistDefinition(id: content.id, title: content.title, steps: content.steps.map(\.content))
      try definition.check(file: file.path)
      return definition
    } catch {
      throw ConfigurationError(
        yaml: error, text: text, file: file.path, expected: "id, title and steps, as in the files shipped")
    }
  }
}

extension ChecklistDefinition.Step: ClosedKeys {
  enum CodingKeys: String, CodingKey, CaseIterable { case id, title, instruction, probe, source, group, operation }
}

extension ChecklistDefinition {
  private struct File: ClosedKeys {
    var id: String
    var title: String
    var steps: [Closed<Step>]

    enum CodingKeys: String, CodingKey, CaseIterable { case id, title, steps }
  }

  /// Ticks are kept by step id: it has to name one step.
  private func check(file: String) throws(ConfigurationError) {
    var seen: Set<String> = []
    for step in steps where !seen.insert(step.id).inserted || step.id.isEmpty {
      throw ConfigurationError(
        place: .init(file: file), problem: "the step id '\(step.id)' is empty or stands twice",
        expected: "a step id of its own for every step")
    }
    guard !steps.isEmpty else {
      throw ConfigurationError(place: .init(file: file), problem: "has no steps", expected: "at least one step")
    }
  }
}

/// The values that the program measures by itself.
public enum ProbeName: String, Sendable, CaseIterable, Codable {
  case emergencyStop = "emergency-stop"
  case relay, mailbox
  case bounceRate = "bounce-rate"
  case complaintRate = "complaint-rate"
  case deliveryRate = "delivery-rate"
  case flaggedAccounts = "flagged-accounts"
  case restrictedAccounts = "restricted-accounts"
  case queueHealth = "queue-health"
  case deadLetters = "dead-letters"
  case uncertain
  case unmatchedReports = "unmatched-reports"
  case alerts
  case lastScan = "last-scan"
  case diskSpace = "disk-space"
  case followUps = "follow-ups"
  case none
}

extension ProbeName {
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let known = ProbeName(rawValue: name) else {
      let names = ProbeName.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(name)' is no probe; there are \(names)"))
    }
    self = known
  }
}

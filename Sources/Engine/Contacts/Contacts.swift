import Foundation
public import MailModel

/// Who is asked when something is beyond the people at hand: the levels of the runbook's escalation path.
public struct Contacts: Sendable, Equatable {
  public struct Person: Sendable, Equatable {
    public var name: String
    /// Ways to reach them in the order to try them: `phone`, `email`, `chat`, `url`, `note`.
    public var ways: [(kind: String, value: String)]

    public static func == (left: Person, right: Person) -> Bool {
      left.name == right.name && left.ways.map(\.kind) == right.ways.map(\.kind)
        && left.ways.map(\.value) == right.ways.map(\.value)
    }
  }

  public struct Level: Sendable, Equatable {
    /// 1 to 4.
    public var number: Int
    public var name: String
    /// What they are there for.
    public var handles: String
    public var people: [Person]

    /// Where they are written to.
    public var addresses: [String] {
      people.flatMap { person in person.ways.filter { $0.kind == "email" }.map(\.value) }
    }
  }

  /// From 1 up, without gaps.
  public var levels: [Level]
  /// The file that is shipped, which names nobody real: it is shown, and nobody in it is written to.
  public var isSample = false

  public init(levels: [Level]) { self.levels = levels }

  public static let none = Contacts(levels: [])

  public func level(_ number: Int) -> Level? { levels.first { $0.number == number } }

  /// Who has it now, how to reach them and since when.
  public func escalation(level number: Int, since: Timestamp) -> Escalation {
    Escalation(level: number, who: level(number), since: since, isSample: isSample)
  }
}

/// Where something stands on the escalation path, for a case file or an alert.
public struct Escalation: Sendable, Equatable {
  public var level: Int
  /// `nil` when the configuration has no such level.
  public var who: Contacts.Level?
  public var since: Timestamp
  /// Whether only the contacts that are shipped are known.
  public var isSample = false

  /// `L2 Engineering: Ana (phone +81…, email ana@…)`.
  public var words: String {
    guard let who else { return "L\(level): no contact is configured" }
    let people = who.people.map { person in
      let ways = person.ways.map { "\($0.kind) \($0.value)" }.joined(separator: ", ")
      return ways.isEmpty ? person.name : "\(person.name) (\(ways))"
    }
    let sample = isSample ? " [sample: write contacts.yaml]" : ""
    return "L\(level) \(who.name)" + (people.isEmpty ? "" : ": \(people.joined(separator: "; "))") + sample
  }
}

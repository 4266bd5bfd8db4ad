/// One part of an inbox's health.
public struct HealthFactor: Sendable, Equatable {
  public var name: String
  /// The most it can give.
  public var weight: Int
  public var points: Int
  /// `2.1 %: 3 of 143 in 30 days: 31 of 40`.
  public var explanation: String

  public init(name: String, weight: Int, points: Int, explanation: String) {
    self.name = name
    self.weight = weight
    self.points = points
    self.explanation = explanation
  }
}

public struct HealthReport: Sendable, Equatable {
  public var factors: [HealthFactor]

  public init(factors: [HealthFactor]) { self.factors = factors }

  /// 0–100.
  public var score: Int { factors.reduce(0) { $0 + $1.points } }

  /// The factors that cost something, worst first: `bounce 3 of 40, reply 0 of 20`.
  public var losses: String {
    factors.filter { $0.points < $0.weight }.sorted { $0.weight - $0.points > $1.weight - $1.points }
      .map { "\($0.name) \($0.points) of \($0.weight)" }.joined(separator: ", ")
  }
}

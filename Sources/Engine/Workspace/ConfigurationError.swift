/// Something wrong with the workspace's configuration: what, where, and what was expected. Never quotes a secret.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  public struct Place: Sendable, Equatable {
    /// A file, or `environment`.
    public var file: String
    /// 1-based; `nil` when the problem is that a line is missing.
    public var line: Int?

    public init(file: String, line: Int? = nil) {
      self.file = file
      self.line = line
    }
  }

  public var place: Place
  public var problem: String
  public var expected: String

  public init(place: Place, problem: String, expected: String) {
    self.place = place
    self.problem = problem
    self.expected = expected
  }

  public var description: String {
    let position = place.line.map { "\(place.file), line \($0)" } ?? place.file
    return "\(position): \(problem); expected \(expected)"
  }
}

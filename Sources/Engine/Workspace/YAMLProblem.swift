import Yams

extension ConfigurationError {
  /// What is wrong in a file of settings in YAML: one line with its place, in words that do not speak of the program.
  init(yaml error: any Error, file: String, expected: String) {
    var line: Int?
    let problem: String
    switch error {
    case let error as ConfigurationError:
      self = error
      return
    case let error as YamlError: (line, problem) = ConfigurationError.words(error)
    case DecodingError.dataCorrupted(let context):
      let inner = (context.underlyingError as? YamlError).map(ConfigurationError.words)
      line = inner?.line
      problem = inner?.problem ?? ConfigurationError.words(context)
    case DecodingError.keyNotFound(let key, let context):
      problem = "'\(key.stringValue)' is missing" + ConfigurationError.place(context.codingPath)
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      problem = ConfigurationError.words(context)
    default: problem = "\(error)"
    }
    self.init(place: .init(file: file, line: line), problem: problem, expected: expected)
  }

  private static func words(_ error: YamlError) -> (line: Int?, problem: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, "is no YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark.line, "is no YAML: \(keys.joined(separator: ", ")) stands twice")
    case .reader(let problem, _, _, _): (nil, "is no YAML: \(problem)")
    default: (nil, "is no YAML")
    }
  }

  private static func words(_ context: DecodingError.Context) -> String {
    "is not of the kind that belongs there\(place(context.codingPath)): \(context.debugDescription)"
  }

  /// ` in steps 3 title`, counted from 1 as people do.
  private static func place(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "" }
    return " in " + path.map { key in key.intValue.map { "\($0 + 1)" } ?? key.stringValue }.joined(separator: " ")
  }
}

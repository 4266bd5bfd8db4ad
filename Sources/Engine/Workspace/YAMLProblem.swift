import Yams

extension ConfigurationError {
  /// What is wrong in a file of settings in YAML: one line with its place, in words that do not speak of the program.
  ///
  /// - Parameter text: of the file, to find the line of what could be read but does not belong there.
  init(yaml error: any Error, text: String, file: String, expected: String) {
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
      line = line ?? ConfigurationError.line(of: context.codingPath, in: text)
      let unknown = (context.underlyingError as? UnknownKey)?.words
      problem =
        unknown.map { $0 + ConfigurationError.place(context.codingPath.dropLast()) } ?? inner?.problem
        ?? ConfigurationError.words(context)
    case DecodingError.keyNotFound(let key, let context):
      line = ConfigurationError.line(of: context.codingPath, in: text)
      problem = "'\(key.stringValue)' is missing" + ConfigurationError.place(context.codingPath)
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      line = ConfigurationError.line(of: context.codingPath, in: text)
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
    let missed = context.debugDescription.firstMatch(of: /^Expected to decode (\w+)/).flatMap { kinds[String($0.1)] }
    return "is not of the kind that belongs there\(place(context.codingPath)): "
      + (missed.map { "it takes \($0)" } ?? context.debugDescription)
  }

  /// What the reader of YAML names by its own types, as people would.
  private static let kinds = [
    "Int": "a whole number, without quotes", "Double": "a number, without quotes", "String": "text",
    "Bool": "true or false", "Mapping": "names with values", "Sequence": "a list", "Array": "a list",
  ]

  /// Where the innermost thing on the path that is there begins: a value with its key.
  private static func line(of path: [any CodingKey], in text: String) -> Int? {
    guard var node = try? Yams.compose(yaml: text) else { return nil }
    var line = node.mark?.line
    for key in path {
      if let index = key.intValue, let list = node.sequence, list.indices.contains(index) {
        node = list[index]
        line = node.mark?.line
      } else if let entry = node.mapping?.first(where: { $0.key.string == key.stringValue }) {
        node = entry.value
        line = entry.key.mark?.line
      } else {
        break
      }
    }
    return line
  }

  /// ` in steps 3 title`, counted from 1 as people do.
  private static func place(_ path: some Collection<any CodingKey>) -> String {
    guard !path.isEmpty else { return "" }
    return " in " + path.map { key in key.intValue.map { "\($0 + 1)" } ?? key.stringValue }.joined(separator: " ")
  }
}

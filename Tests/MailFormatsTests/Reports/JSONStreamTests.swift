import Testing

@testable import MailFormats

/// Events come in files that somebody cut, merged or edited: one broken object takes no other with it.
@Suite struct JSONStreamTests {
  /// What was read, as `line: object` or `line! problem`, whatever the pieces it came in.
  private func read(_ text: String, piece: Int = .max) -> [String] {
    var stream = JSONStream()
    var items: [JSONStream.Item] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      items += stream.append(Array(rest.prefix(piece)))
      rest = rest.dropFirst(piece)
    }
    items += stream.finish()
    return items.map {
      switch $0 {
      case .object(let bytes, let line): "\(line): \(String(decoding: bytes, as: UTF8.self))"
      case .bad(let problem, let line): "\(line)! \(problem)"
      }
    }
  }

  @Test(arguments: [
    // One a line, an array, over several lines, with a byte order mark.
    ("{\"a\":1}\n{\"b\":[{\"c\":\"}\\\"{\"}]}\n", ["1: {\"a\":1}", "2: {\"b\":[{\"c\":\"}\\\"{\"}]}"]),
    ("[\n{\"a\":1},\n {\"b\":{}}\n]\n", ["2: {\"a\":1}", "3: {\"b\":{}}"]),
    ("{\n \"a\": {\n\"b\": []}\n}\n{}", ["1: {\n \"a\": {\n\"b\": []}\n}", "5: {}"]),
    ("\u{FEFF}{}\r\n{}", ["1: {}", "2: {}"]),
    // Cut off in a name, after a comma, in a list, in a string, at the end.
    ("{}\n{broken\n{\"c\":1}\n{\"d\":1}\n", ["1: {}", "2! the object does not end", "3: {\"c\":1}", "4: {\"d\":1}"]),
    ("{\"a\":1,\n{\"b\":1}\n{}", ["1! the object does not end", "2: {\"b\":1}", "3: {}"]),
    ("{\"a\":[{},\n{\"b\":1}\n{\"c\":1}\n", ["1! the object does not end", "2: {\"b\":1}", "3: {\"c\":1}"]),
    ("{\"a\":[{},\n{\"b\":1}\n", ["1! the object does not end", "2: {\"b\":1}"]),
    ("{\"a\":\"x\n{\"b\":1}\n", ["1! a string does not end on its line", "2: {\"b\":1}"]),
    ("{\"b\":1}\n{\"a\":", ["1: {\"b\":1}", "2! the object does not end"]),
    // What is wrong within one line costs that line; what a broken object held over several lines is told once.
    ("{\"a\":1]} {\"x\":1}\n{\"b\":1}", ["1! brackets that do not fit", "2: {\"b\":1}"]),
    (
      "{\n\"a\": 1,\n\"b\": {\n\"c\": 2\n{\"d\":1}\nno\n",
      ["1! the object does not end", "5: {\"d\":1}", "6! not a JSON object"]
    ),
    ("no\n{}\nno\n", ["1! not a JSON object", "2: {}", "3! not a JSON object"]),
  ])
  func `one broken object takes no other with it`(text: String, expected: [String]) {
    #expect(read(text) == expected)
    #expect(read(text, piece: 1) == expected)
  }

  @Test func `too long and too deep are told, and what follows is read`() {
    let long = "{\"a\":\"" + String(repeating: "x", count: JSONStream.maximumObject) + "\"}\n{\"b\":1}\n"
    #expect(read(long) == ["1! an object of more than \(JSONStream.maximumObject) bytes", "2: {\"b\":1}"])
    let many = "{\"a\":[\n" + String(repeating: "{\"b\":1},\n", count: JSONStream.maximumObject / 8)
    let items = read(many)
    #expect(items.count == JSONStream.maximumObject / 8 + 1 && items[1] == "2: {\"b\":1}")
    let deep = String(repeating: "{\"a\":[\n", count: 2_000) + "{\"b\":1}"
    #expect(read(deep).last == "2001: {\"b\":1}")
    let nested = String(repeating: "{\"a\":", count: JSONStream.maximumDepth)
    let ends = String(repeating: "}", count: JSONStream.maximumDepth)
    #expect(read(nested + "1" + ends) == ["1: \(nested)1\(ends)"])
    #expect(read(nested + "{}" + ends) == ["1! objects within objects, more than \(JSONStream.maximumDepth)"])
  }
}

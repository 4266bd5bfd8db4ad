import Testing

@testable import Engine

/// Comma-separated values from outside (RFC 4180), and back.
@Suite struct CSVLinesTests {
  private func read(_ text: String) -> [String] {
    var lines = CSVLines(Array(text.utf8))
    var found: [String] = []
    while let row = lines.next() {
      switch row {
      case .success(let row): found.append("\(row.line):" + row.fields.joined(separator: "|"))
      case .failure(let problem): found.append("\(problem)")
      }
    }
    return found
  }

  @Test(arguments: [
    ("a,b\r\nc,d\r\n", ["1:a|b", "2:c|d"]), ("a,b\nc", ["1:a|b", "2:c"]), ("", []), ("\n\r\n\n", []),
    ("\u{FEFF}a\n", ["1:a"]), (",\n", ["1:|"]), ("\"a,b\",c\n", ["1:a,b|c"]),
    ("\"say \"\"no\"\"\"\n", ["1:say \"no\""]),
    ("\"two\nlines\",x\ny\n", ["1:two\nlines|x", "3:y"]), ("a\"b\n", ["1:a\"b"]), ("\"a\"b\n", ["1:ab"]),
    ("a\rb\n", ["1:a\rb"]), ("\"open\nx\n", ["line 1: a quote is not closed", "2:x"]),
    ("a,b\n\"x\",\"open\nc,d\n", ["1:a|b", "line 2: a quote is not closed", "3:c|d"]),
  ])
  func `rows are read with the line they begin on`(text: String, expected: [String]) {
    #expect(read(text) == expected)
  }

  @Test(arguments: [
    ("a;b,c\nd;e\n", ["1:a|b,c", "2:d|e"]), ("a\tb;c\n", ["1:a|b;c"]), ("a\n1;2\n3,4\n", ["1:a", "2:1;2", "3:3|4"]),
    ("\"x;y\",b;c\n", ["1:x;y|b;c"]), ("\r\n\na;b\n", ["3:a|b"]), ("\u{FEFF}a;b\n", ["1:a|b"]),
  ])
  func `the first row tells what stands between fields`(text: String, expected: [String]) {
    #expect(read(text) == expected)
  }

  @Test func `every dimension is bounded, and reading goes on after a wrong row`() {
    let wide = String(repeating: "x,", count: 256) + "x"
    #expect(read("\(wide)\nok\n") == ["line 1: more than 256 fields", "2:ok"])
    let long = String(repeating: "x", count: 65_537)
    #expect(read("\(long)\nok\n") == ["line 1: a field of more than 65536 bytes", "2:ok"])
    let swallowed = "\"" + String(repeating: "x", count: 70_000) + ",\nok\n"
    #expect(read(swallowed) == ["line 1: a field of more than 65536 bytes; is a quote not closed?", "2:ok"])
    var lines = CSVLines([0x61, 0xFF, 0x0A, 0x62])
    let first = lines.next()
    #expect(throws: CSVLines.Problem(line: 1, what: "not UTF-8")) { _ = try first?.get() }
    let next = try? lines.next()?.get()
    #expect(next?.fields == ["b"])
    #expect(lines.next() == nil)
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "＝1", "\0=1"])
  func `fault 39: no written field is a formula`(value: String) {
    #expect(CSVText.line([value]).trimmingPrefix("\"").first == "'")
  }

  @Test(arguments: [
    "=1", "'=1", "''x", "'x", "plain", "a,b", "say \"no\"", "- list", "two\nlines", "", "'", "''", "'+49 30", "a'b",
  ])
  func `what was written is read back as it was`(value: String) {
    var lines = CSVLines(Array(CSVText.line([value, "end"]).utf8))
    let fields = try? lines.next()?.get().fields
    #expect(fields.map { $0.map(CSVText.unguarded) } == [value, "end"])
  }
}

import Engine
import Foundation
import Testing

@Suite struct DotEnvTests {
  @Test(arguments: [
    ("A=b", "b"), ("A=", ""), ("A= b ", "b"), ("export A=b", "b"), ("  A=b", "b"), ("A=b c", "b c"),
    ("A=b # c", "b"), ("A=b#c", "b#c"), ("A=#c", ""), ("A=\"b # c\"", "b # c"), ("A='b \\n $c'", "b \\n $c"),
    ("A=\"b\\nc\"", "b\nc"), ("A=\"a\\\"b\\\\c\\$d\"", "a\"b\\c$d"), ("A=\"\"", ""), ("A='' # x", ""), ("A=b=c", "b=c"),
    ("A=ü€", "ü€"), ("A=$HOME", "$HOME"), ("A=`id`", "`id`"), ("A=b\r\n", "b"),
  ])
  func `a value`(line: String, value: String) throws {
    let file = try DotEnv(parsing: "# first\n\n\(line)\n", file: ".env")
    #expect(file.entries.map(\.key) == ["A"])
    #expect(file.entries.map(\.value) == [value])
    #expect(file.entries.map(\.line) == [3])
  }

  @Test(arguments: [
    ("A=1\nno equals", 2), ("1A=x", 1), ("A B=x", 1), ("=x", 1), ("A=\"open", 1), ("A='open", 1),
    ("A=\"a\" b", 1), ("A=\"a\\", 1), ("ü=x", 1), ("A =x", 1), ("export", 1),
  ])
  func `an error names its line and quotes no value`(text: String, line: Int) throws {
    #expect {
      try DotEnv(parsing: text.replacing("x", with: "canary"), file: "f.env")
    } throws: { error in
      guard let error = error as? ConfigurationError else { return false }
      return error.place == .init(file: "f.env", line: line) && !"\(error)".contains("canary")
    }
  }

  @Test func `of two lines of one key the last one counts, and the first is told`() throws {
    let file = try DotEnv(parsing: "A=1\nB=2\nA=3", file: ".env")
    #expect(file.entries.map { "\($0.key)=\($0.value)@\($0.line)" } == ["B=2@2", "A=3@3"])
    #expect(file.overridden.map(\.line) == [1])
  }

  @Test func `the example can be read and covers every key`() throws {
    let text = EnvExample.text
    let file = try DotEnv(parsing: text, file: ".env.example")
    #expect(file.entries.map(\.key) == ConfigurationKey.all.filter { $0.fallback == nil }.map(\.name))
    // Every commented line is one when its sign is removed, with the value that applies without it.
    let uncommented = text.split(separator: "\n").map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") && !line.hasPrefix("##") ? String(line.dropFirst()) : String(line)
    }
    let full = try DotEnv(parsing: uncommented.joined(separator: "\n"), file: ".env.example")
    #expect(full.entries.map(\.key) == ConfigurationKey.all.map(\.name))
    for (entry, key) in zip(full.entries, ConfigurationKey.all) { #expect(entry.value == key.fallback ?? "") }
    for key in ConfigurationKey.all {
      for name in [key.name] + key.aliases { #expect(text.contains(name)) }
      #expect(EnvExample.markdown.contains("`\(key.name)`"))
    }
  }

  @Test func `no two keys share a spelling`() {
    let names = ConfigurationKey.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
  }
}
